import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crcOf } from '../../../protocols/sia-dc09/crc.ts';
import { decodeDc09 } from '../../../protocols/sia-dc09/decode.ts';
import { encodeDc09Event } from '../../../protocols/sia-dc09/encode.ts';
import { MAX_XDATA } from '../../../protocols/sia-dc09/limits.ts';
import { aesOf, secrecyOf } from './aes.ts';
import { anyBytes, anyMessage } from './arbitraries.ts';
import { DC09_VECTORS, GOLDEN_KEY, onTheWire, sealed, WRONG_CRC } from './golden.ts';

const withKey = { cipherFor: () => aesOf(GOLDEN_KEY) };

describe('golden frames', () => {
  test.each(DC09_VECTORS)('$name', ({ frame, message, faults = [] }) => {
    expect(decodeDc09(onTheWire(frame), withKey)).toEqual({ ok: true, message, faults });
  });

  test.each(
    DC09_VECTORS.filter(({ message }) => message.lenIsRight && !message.isEncrypted && message.token !== 'NAK'),
  )('is written as it was read: $name', ({ frame, message }) => {
    expect(encodeDc09Event(message)).toEqual(onTheWire(frame));
  });
});

test('a wrong CRC is no message', () => {
  expect(decodeDc09(onTheWire(WRONG_CRC))).toEqual({ ok: false, reason: 'wrong-crc' });
});

test('what is encoded decodes to itself', () => {
  const some = fc.boolean().chain((hasTime) => anyMessage({ isEncrypted: false, hasTime }));
  fc.assert(
    fc.property(some, (message) => {
      expect(decodeDc09(encodeDc09Event(message))).toEqual({ ok: true, message, faults: [] });
    }),
  );
});

test('what is encrypted with a key of any size decodes to itself with that key', () => {
  const key = fc.constantFrom(16, 24, 32).chain((size) => fc.uint8Array({ minLength: size, maxLength: size }));
  fc.assert(
    fc.property(anyMessage({ isEncrypted: true, hasTime: true }), key, (message, secret) => {
      const frame = encodeDc09Event(message, secrecyOf(secret));
      expect(decodeDc09(frame, { cipherFor: () => aesOf(secret) })).toEqual({ ok: true, message, faults: [] });
    }),
  );
});

test('an encrypted text is whole blocks, and begins with at least one byte of pad', () => {
  const at = Date.UTC(2026, 0, 1);
  for (let length = 0; length < 40; length++) {
    const event = {
      token: 'SIA-DCS',
      sequence: 1,
      account: '1234',
      data: 'x'.repeat(length),
      xdata: [],
      at,
      crcStyle: 'hex',
    } as const;
    const pads: number[] = [];
    const padOf = (count: number): string => {
      pads.push(count);
      return '#'.repeat(count);
    };
    const text = new TextDecoder().decode(encodeDc09Event(event, { cipher: aesOf(GOLDEN_KEY), padOf }));
    const hex = text.slice(text.indexOf('[') + 1, -1);
    expect(hex).toMatch(/^(?:[0-9A-F]{32})+$/);
    expect(pads[0]).toBeGreaterThanOrEqual(1);
    expect(pads[0]).toBeLessThanOrEqual(16);
  }
});

describe('encrypted frames that cannot be read', () => {
  const [frame = ''] = DC09_VECTORS.filter(({ message }) => message.token === 'SIA-DCS' && message.isEncrypted).map(
    (vector) => vector.frame,
  );
  const other = aesOf(new TextEncoder().encode('B'.repeat(16)));

  test.each([
    ['without a key', {}],
    ['of an account that has none', { cipherFor: () => null }],
    ['with another key', { cipherFor: () => other }],
  ])('%s are messages with their hex and a fault', (_, options) => {
    expect(decodeDc09(onTheWire(frame), options)).toMatchObject({
      ok: true,
      message: {
        token: 'SIA-DCS',
        isEncrypted: true,
        sequence: 7654,
        account: '1111',
        data: frame.slice(frame.indexOf('[') + 1),
      },
      faults: [{ code: 'not-decrypted', path: '/data' }],
    });
  });

  test('an encrypted text without a time is not believed', () => {
    const { at: _, ...message } = {
      token: 'SIA-DCS',
      sequence: 1,
      account: '1',
      data: 'NQA1',
      xdata: [],
      at: 0,
      crcStyle: 'hex',
    } as const;
    const decoded = decodeDc09(encodeDc09Event(message, secrecyOf(GOLDEN_KEY)), withKey);
    expect(decoded.ok && decoded.faults).toEqual([{ code: 'not-decrypted', path: '/data' }]);
  });

  test('the key is asked for by the account in the frame', () => {
    const asked: (string | null)[] = [];
    decodeDc09(onTheWire(frame), {
      cipherFor: (account) => {
        asked.push(account);
        return null;
      },
    });
    expect(asked).toEqual(['1111']);
  });
});

test('one flipped bit between the quote and the CR is never a message', () => {
  const frame = fc.boolean().chain((hasTime) => anyMessage({ isEncrypted: false, hasTime }));
  fc.assert(
    fc.property(frame, fc.nat(), (message, seed) => {
      const bytes = encodeDc09Event(message);
      const quoteAt = message.crcStyle === 'hex' ? 9 : 7;
      const bit = quoteAt * 8 + (seed % ((bytes.length - 1 - quoteAt) * 8));
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeDc09(bytes).ok).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test('a flipped bit of the CRC refuses, one of LEN is a fault or refuses', () => {
  const frame = onTheWire(DC09_VECTORS[0]?.frame ?? '');
  for (let bit = 8; bit < 9 * 8; bit++) {
    const spoilt = Uint8Array.from(frame);
    spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    const decoded = decodeDc09(spoilt);
    const isCase = decoded.ok && decoded.faults.length === 0;
    // A small letter is the same hex digit; nothing else goes through without a fault.
    if (isCase)
      expect(new TextDecoder().decode(spoilt).toUpperCase()).toBe(new TextDecoder().decode(frame).toUpperCase());
    else if (bit < 5 * 8) expect(decoded.ok).toBe(false);
    else
      expect(decoded.ok ? decoded.faults : []).toEqual(decoded.ok ? [{ code: 'wrong-length', path: '/length' }] : []);
  }
});

test('no bytes make the decoder throw', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => void decodeDc09(bytes, withKey)),
    { numRuns: 500 },
  );
});

test('a right CRC around anything at all is a message or a bad header', () => {
  const content = fc.stringMatching(/^"[*]?[A-Z"]{0,6}[0-9LR#A-F[\]_|"]{0,40}$/);
  fc.assert(
    fc.property(content, (text) => {
      const decoded = decodeDc09(sealed(text));
      expect(decoded.ok || decoded.reason === 'bad-header').toBe(true);
    }),
  );
});

test.each([
  ['"SIA-DCS"0001L0#1[#1|NQA1', { account: '1', data: '' }, ['/rest']],
  ['"SIA-DCS"0001L0#1[#1|NQA1]x', { account: '1', data: '#1|NQA1' }, ['/rest']],
  ['"SIA-DCS"0001L0#1[#1|NQA1^a]b^]_00:00:00,01-01-2026', { data: '#1|NQA1^a', at: Date.UTC(2026, 0, 1) }, ['/rest']],
  ['"SIA-DCS"0001L0#1[#1|NQA1]_25:00:00,01-01-2026', { data: '#1|NQA1' }, ['/time']],
  ['"SIA-DCS"0001L0#1[#1|NQA1]_00:00:00,02-30-2026', { data: '#1|NQA1' }, ['/time']],
  ['"SIA-DCS"0001[#1|NQA1]', { account: null, data: '#1|NQA1' }, []],
  ['"SIA-DCS"0001L0#1', { account: '1', data: '' }, []],
])('%s counts, with its faults', (content, message, paths) => {
  const decoded = decodeDc09(sealed(content));
  expect(decoded).toMatchObject({ ok: true, message });
  expect(decoded.ok && decoded.faults).toEqual(paths.map((path) => ({ code: 'bad-field', path })));
});

test.each(['"SIA-DCS"001L0#1[]', '""0001L0#1[]', '"SIA-DCS"0001L0#1-[]', '"SIA-DCS', '"'])(
  '%s has no header',
  (content) => {
    expect(decodeDc09(sealed(content))).toEqual({ ok: false, reason: 'bad-header' });
  },
);

test('bytes that are not UTF-8 are said to be so, and the frame counts', () => {
  const whole = sealed('"SIA-DCS"0001L0#1[#1|NQA1^?^]');
  const content = whole.slice(9, -1);
  content[content.indexOf(0x3f)] = 0xc0;
  const crc = crcOf(content).toString(16).padStart(4, '0');
  const frame = Uint8Array.from([0x0a, ...new TextEncoder().encode(crc), ...whole.subarray(5, 9), ...content, 0x0d]);
  expect(decodeDc09(frame)).toMatchObject({ ok: true, faults: [{ code: 'not-utf8', path: '' }] });
});

test('blocks of extended data beyond the bound are left out', () => {
  const decoded = decodeDc09(sealed(`"SIA-DCS"0001L0#1[#1|NQA1]${'[Ix]'.repeat(MAX_XDATA + 5)}`));
  expect(decoded.ok && decoded.message.xdata).toHaveLength(MAX_XDATA);
  expect(decoded.ok && decoded.faults).toEqual([{ code: 'bad-field', path: '/rest' }]);
});
