import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { septetsOfText, textOfSeptets } from '../../../protocols/sms-pdu/gsm-alphabet.ts';
import { packSeptets, unpackSeptets } from '../../../protocols/sms-pdu/septets.ts';
import { splitText } from '../../../protocols/sms-pdu/split-text.ts';
import { gsmText } from './arbitraries.ts';

describe('a text', () => {
  test.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    ['€'.repeat(80), 1],
    ['€'.repeat(81), 2],
    ['€'.repeat(152), 2],
    ['€'.repeat(153), 3],
    ['急'.repeat(70), 1],
    ['急'.repeat(71), 2],
    ['急'.repeat(134), 2],
    ['急'.repeat(135), 3],
    ['🚑'.repeat(35), 1],
    ['🚑'.repeat(36), 2],
    ['🚑'.repeat(66), 2],
    ['🚑'.repeat(67), 3],
    ['', 1],
  ])('is cut at the right bounds (case %#)', (text, parts) => {
    expect(splitText(text)).toHaveLength(parts);
  });

  test('with wider references has narrower parts', () => {
    expect(splitText('a'.repeat(305), 16)).toHaveLength(3);
    expect(splitText('急'.repeat(133), 16)).toHaveLength(3);
  });

  test('is the same when its parts are put together, and no part holds half a character', () => {
    const text = fc.oneof(gsmText(400), fc.string({ unit: 'grapheme-composite', maxLength: 300 }));
    fc.assert(
      fc.property(text, fc.constantFrom(8 as const, 16 as const), (whole, bits) => {
        const parts = splitText(whole, bits);
        expect(parts.map(({ text: of }) => of).join('')).toBe(whole.toWellFormed());
        const isSingle = parts.length === 1;
        for (const { coding, text: of } of parts) {
          expect(of.isWellFormed()).toBe(true);
          const size = coding === 'gsm7' ? (septetsOfText(of)?.length ?? Infinity) : of.length;
          const bound = isSingle
            ? { gsm7: 160, ucs2: 70 }
            : bits === 8
              ? { gsm7: 153, ucs2: 67 }
              : { gsm7: 152, ucs2: 66 };
          expect(size).toBeLessThanOrEqual(coding === 'gsm7' ? bound.gsm7 : bound.ucs2);
        }
      }),
    );
  });
});

test('every code of the alphabet and of its extension is read as it was written', () => {
  for (let code = 0; code < 128; code += 1) {
    if (code === 0x1b) continue;
    expect(septetsOfText(textOfSeptets([code]))).toEqual([code]);
  }
  for (const character of '^{}\\[~]|€\f') {
    const septets = septetsOfText(character);
    expect(septets).toHaveLength(2);
    expect(textOfSeptets(septets ?? [])).toBe(character);
  }
  expect(textOfSeptets([0x1b, 0x41, 0x1b])).toBe('A ');
});

test('septets are packed and read at any offset', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 160 }),
      fc.integer({ min: 0, max: 6 }),
      (all, fill) => {
        expect(unpackSeptets(packSeptets(all, fill), all.length, fill)).toEqual(all);
      },
    ),
  );
});
