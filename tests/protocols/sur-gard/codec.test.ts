import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSurGardDecoder } from '../../../protocols/sur-gard/decode.ts';
import { encodeSurGard } from '../../../protocols/sur-gard/encode.ts';
import { DC4, DEFAULT_WIDTHS } from '../../../protocols/sur-gard/limits.ts';
import type { SurGardMessage } from '../../../protocols/sur-gard/message.ts';
import { anyMessage, anyWidths } from './messages.ts';

const LONG = { receiver: 2, line: 3, account: 4 };

/**
 * Each line as its source has it: the fact sheet of the project, and the receiver's "SG Automation Output Protocol" (form 7-3005) and
 * manuals of MLR2E and MLR2-DG, with spaces for their `s`.
 */
const VECTORS: readonly (readonly [string, SurGardMessage, typeof DEFAULT_WIDTHS])[] = [
  [
    '5011 181234E12101001',
    {
      ...{ kind: 'contact-id', format: '18', receiver: '01', line: '1', account: '1234' },
      event: { qualifier: 'new', code: '121', group: '01', zone: '001' },
    },
    DEFAULT_WIDTHS,
  ],
  ['1011           @    ', { kind: 'heartbeat', receiver: '01', line: '1' }, DEFAULT_WIDTHS],
  [
    '501100 181234E12101001',
    {
      ...{ kind: 'contact-id', format: '18', receiver: '01', line: '100', account: '1234' },
      event: { qualifier: 'new', code: '121', group: '01', zone: '001' },
    },
    LONG,
  ],
  ['101000           @    ', { kind: 'heartbeat', receiver: '01', line: '000' }, LONG],
  [
    'S01002[#1234|NBA01]',
    { kind: 'sia', protocol: 'S', receiver: '01', line: '002', account: '1234', data: 'NBA01' },
    LONG,
  ],
  [
    'S011[#1234|Nda04-22-94ti16:02:15/id22/CL/PA31]',
    {
      ...{ kind: 'sia', protocol: 'S', receiver: '01', line: '1', account: '1234' },
      data: 'Nda04-22-94ti16:02:15/id22/CL/PA31',
    },
    DEFAULT_WIDTHS,
  ],
  [
    '1011      0012 C1128',
    { kind: 'basic', receiver: '01', line: '1', account: '0012', event: 'C', area: '1', code: '128' },
    DEFAULT_WIDTHS,
  ],
  [
    '1011      0000 P  04',
    { kind: 'basic', receiver: '01', line: '1', account: '0000', event: 'P', area: ' ', code: ' 04' },
    DEFAULT_WIDTHS,
  ],
  [
    '3011      1234QA   1',
    { kind: 'sia', protocol: '3', receiver: '01', line: '1', account: '1234', data: 'NQA1' },
    DEFAULT_WIDTHS,
  ],
];

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each(VECTORS)('%s is read, and written as it was', (text, message, widths) => {
  expect(createSurGardDecoder(widths)(bytesOf(text))).toEqual({ ok: true, message, noise: 0 });
  expect(new TextDecoder().decode(encodeSurGard(message, widths))).toBe(`${text}${String.fromCodePoint(DC4)}`);
});

test('what is written is read as it was, with all widths', () => {
  fc.assert(
    fc.property(
      anyWidths.chain((widths) => fc.tuple(fc.constant(widths), anyMessage(widths))),
      ([widths, message]) => {
        const frame = encodeSurGard(message, widths).slice(0, -1);
        expect(createSurGardDecoder(widths)(frame)).toEqual({ ok: true, message, noise: 0 });
      },
    ),
  );
});

test('any bytes give a message or a reason', () => {
  fc.assert(
    fc.property(anyWidths, fc.uint8Array({ maxLength: 600 }), (widths, bytes) => {
      const decoded = createSurGardDecoder(widths)(bytes);
      expect(decoded.ok ? decoded.message.kind : decoded.reason).toBeTypeOf('string');
    }),
  );
});

test('a byte with its eighth bit set is refused: the line has another parity', () => {
  fc.assert(
    fc.property(anyMessage(DEFAULT_WIDTHS), fc.nat(), (message, at) => {
      const frame = encodeSurGard(message, DEFAULT_WIDTHS).slice(0, -1);
      const spoilt = frame.map((byte, index) => (index === at % frame.length ? byte | 0x80 : byte));
      expect(createSurGardDecoder(DEFAULT_WIDTHS)(spoilt)).toEqual({ ok: false, reason: 'not-printable' });
    }),
  );
});

test('a flipped bit of an alarm line is refused, or one place says something else: there is no checksum', () => {
  const frame = bytesOf('5011 181234E12101001');
  const decode = createSurGardDecoder(DEFAULT_WIDTHS);
  let refused = 0;
  for (let bit = 0; bit < frame.length * 8; bit += 1) {
    const spoilt = frame.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    const decoded = decode(spoilt);
    if (!decoded.ok) refused += 1;
    else expect(encodeSurGard(decoded.message, DEFAULT_WIDTHS).slice(0, -1)).toEqual(spoilt);
  }
  // 17 of the 20 places are digits, most of which have two or three neighbours a bit away.
  expect(refused).toBeGreaterThan(100);
});

test('a line with places too many or too few is refused, one of another protocol is told apart from noise', () => {
  const reason = (text: string): unknown => {
    const decoded = createSurGardDecoder(DEFAULT_WIDTHS)(bytesOf(text));
    return decoded.ok ? decoded.message.kind : decoded.reason;
  };
  expect(reason('')).toBe('empty');
  expect(reason('5011 18123E12101001')).toBe('unknown-form');
  expect(reason('5011 1812345E12101001')).toBe('unknown-form');
  expect(reason('6011      1234F001')).toBe('unknown-form');
  expect(reason('S011[#1234|]')).toBe('unknown-form');
  expect(reason('garbage')).toBe('no-header');
  expect(reason('181234E12101001')).toBe('no-header');
  expect(reason('1011      0012 C112')).toBe('unknown-form');
  expect(reason('1011     0012 C1128')).toBe('unknown-form');
  expect(reason('1011       0012 C1128')).toBe('unknown-form');
});

test('what stands in front of a whole line is left out', () => {
  const decode = createSurGardDecoder(DEFAULT_WIDTHS);
  const half = '5011 1812';
  for (const [text] of VECTORS.filter(([, , widths]) => widths === DEFAULT_WIDTHS)) {
    const whole = decode(bytesOf(text));
    for (let cut = 1; cut <= half.length; cut += 1) {
      const decoded = decode(bytesOf(half.slice(0, cut) + text));
      if (!decoded.ok || !whole.ok) throw new Error(text);
      // A heartbeat may have more digits in front.
      if (whole.message.kind === 'heartbeat') expect(decoded.message.kind).toBe('heartbeat');
      else expect(decoded).toEqual({ ...whole, noise: cut });
    }
  }
});
