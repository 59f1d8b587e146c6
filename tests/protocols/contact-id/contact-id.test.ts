import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDigit, toneSum } from '../../../protocols/contact-id/checksum.ts';
import { CONTACT_ID_CODES, wordsOfContactId } from '../../../protocols/contact-id/codes.ts';
import { decodeAdmCid, decodeContactId } from '../../../protocols/contact-id/decode.ts';
import { encodeAdmCid, encodeContactId } from '../../../protocols/contact-id/encode.ts';
import type { ContactIdEvent, ContactIdMessage } from '../../../protocols/contact-id/message.ts';

const digits = (alphabet: string, length: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: length, maxLength: length });

function anyEvent(alphabet: string): fc.Arbitrary<ContactIdEvent> {
  return fc.record({
    qualifier: fc.constantFrom('new', 'restored', 'still'),
    code: digits(alphabet, 3),
    group: digits(alphabet, 2),
    zone: digits(alphabet, 3),
  });
}

const TONES = '0123456789BCDEF';
const anyMessage: fc.Arbitrary<ContactIdMessage> = fc.record({
  account: digits(TONES, 4),
  messageType: fc.constantFrom('18', '98'),
  event: anyEvent(TONES),
});

describe('the digits of the tones', () => {
  const golden = '1234 18 1131 01 015 8';

  test('of the golden message, with spaces and without', () => {
    const value = {
      account: '1234',
      messageType: '18',
      event: { qualifier: 'new', code: '131', group: '01', zone: '015' },
    } as const;
    expect(decodeContactId(golden)).toEqual({ ok: true, value });
    expect(decodeContactId(golden.replaceAll(' ', ''))).toEqual({ ok: true, value });
    expect(encodeContactId(value)).toBe(golden);
  });

  test('a zero counts ten, an F fifteen', () => {
    expect(toneSum('0')).toBe(10);
    expect(toneSum('F')).toBe(0);
    expect(toneSum('A')).toBeNaN();
    expect(checkDigit('F')).toBe('F');
    expect(checkDigit('5')).toBe('0');
  });

  test('decode to what was encoded', () => {
    fc.assert(
      fc.property(anyMessage, (value) => {
        expect(decodeContactId(encodeContactId(value))).toEqual({ ok: true, value });
      }),
    );
  });

  test('with one flipped bit anywhere are refused', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), (value, seed) => {
        const text = encodeContactId(value);
        const bit = seed % (text.length * 7);
        const at = Math.floor(bit / 7);
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << (bit % 7)));
        expect(decodeContactId(text.slice(0, at) + flipped + text.slice(at + 1)).ok).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['1234 18 1131 01 015 7', 'wrong-checksum'],
    ['1234 18 2131 01 015 7', 'bad-form'],
    ['1234 19 1131 01 015 7', 'bad-form'],
    ['1234 18 1131 01 015', 'bad-form'],
    ['1234 181131 01 015 8', 'bad-form'],
    ['123A 18 1131 01 015 8', 'bad-form'],
    ['', 'bad-form'],
  ])('%j are refused: %s', (text, reason) => {
    expect(decodeContactId(text)).toEqual({ ok: false, reason });
  });
});

describe('the payload of DC-09', () => {
  test.each([
    ['1110 00 129', { qualifier: 'new', code: '110', group: '00', zone: '129' }],
    ['3401 01 057', { qualifier: 'restored', code: '401', group: '01', zone: '057' }],
    ['6131 1 5', { qualifier: 'still', code: '131', group: '01', zone: '005' }],
    [' 1 131 01|015 ', { qualifier: 'new', code: '131', group: '01', zone: '015' }],
    ['1aBc 0f 00d', { qualifier: 'new', code: 'ABC', group: '0F', zone: '00D' }],
  ])('%j is read', (payload, value) => {
    expect(decodeAdmCid(payload)).toEqual({ ok: true, value });
  });

  test.each(['', '0000 00 000', '2110 00 129', '1110', '1110 00', '111000129', 'x1110 00 129', '1110 00 12G'])(
    '%j is none',
    (payload) => {
      expect(decodeAdmCid(payload)).toEqual({ ok: false, reason: 'bad-form' });
    },
  );

  test('decodes to what was encoded', () => {
    fc.assert(
      fc.property(anyEvent('0123456789ABCDEF'), (value) => {
        expect(decodeAdmCid(encodeAdmCid(value))).toEqual({ ok: true, value });
      }),
    );
  });
});

test('no text makes a decoder throw', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0136 18BCF|'), maxLength: 40 }));
  fc.assert(
    fc.property(text, (some) => {
      decodeContactId(some);
      decodeAdmCid(some);
    }),
    { numRuns: 500 },
  );
});

test('every code is three digits between 100 and 699, with words of its own in both languages', () => {
  const rows = Object.entries(CONTACT_ID_CODES);
  expect(rows.length).toBeGreaterThan(200);
  for (const [code, words] of rows) {
    expect(code).toMatch(/^[1-6]\d\d$/);
    expect(words.zh.length).toBeGreaterThan(1);
    expect(words.en).toMatch(/^\S.*\S$/);
    expect(wordsOfContactId(code)).toBe(words);
  }
  expect(new Set(rows.map(([, { zh }]) => zh)).size).toBe(rows.length);
  expect(new Set(rows.map(([, { en }]) => en)).size).toBe(rows.length);
});

test.each(['999', '000', '1110', 'toString', '__proto__', ''])('%j is no code', (code) => {
  expect(wordsOfContactId(code)).toBeUndefined();
});
