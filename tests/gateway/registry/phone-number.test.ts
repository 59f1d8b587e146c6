import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  canonicalNumber,
  CHINA,
  isCompleteNumber,
  type Numbering,
  readNumbering,
} from '../../../gateway/registry/phone-number.ts';

const BEIJING: Numbering = { countryCode: '86', areaCode: '10' };
const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));

/** A complete Chinese number behind the country code: mobiles, landlines of two-digit and three-digit areas, 400. */
const chinese = fc.oneof(
  fc.tuple(fc.constantFrom('13', '15', '17', '19'), digits(9)).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('10', '21', '28'), fc.constantFrom('2', '6', '8'), digits(7)).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('571', '755', '971'), fc.constantFrom('2', '8'), digits(6)).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('571', '755'), fc.constantFrom('2', '8'), digits(7)).map((parts) => parts.join('')),
);
const isMobile = (number: string): boolean => /^1[3-9]/.test(number);
const spell = (number: string): string[] => [
  `+86${number}`,
  `0086${number}`,
  `86${number}`,
  `+86 (0)${number}`,
  `+860${number}`,
  `0086-${number.slice(0, 3)}-${number.slice(3)}`,
  `0${number}`,
  `（0${number.slice(0, 3)}）${number.slice(3)}`,
  `+86${number}`.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
  ...(isMobile(number) ? [number, ` ${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)} `] : []),
];

test('the same number in every spelling is one number', () => {
  fc.assert(
    fc.property(chinese, fc.constantFrom(CHINA, BEIJING), (number, numbering) => {
      for (const spelling of spell(number)) {
        expect(canonicalNumber(spelling, numbering), spelling).toBe(`+86${number}`);
      }
    }),
  );
});

test('two numbers never become one', () => {
  fc.assert(
    fc.property(chinese, chinese, (one, other) => {
      const isSame = canonicalNumber(`0${one}`, BEIJING) === canonicalNumber(`+86${other}`, BEIJING);
      expect(isSame).toBe(one === other);
    }),
  );
});

test('a canonical number stays as it is, whatever was told', () => {
  const told = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[+0-9 ()-]{1,24}$/),
    fc.stringMatching(/^(\+|00|\+86|0086|86|0)[0-9]{0,16}$/),
  );
  const numbering = fc.record({
    countryCode: fc.constantFrom('86', '852', '1', '44'),
    areaCode: fc.constantFrom(null, '10', '571', '20'),
  });
  fc.assert(
    fc.property(told, numbering, (text, where) => {
      const once = canonicalNumber(text, where);
      if (once === null) expect(text.normalize('NFKC')).not.toMatch(/\d/);
      else {
        expect(once).toMatch(/^\+?[0-9]+$/);
        expect(canonicalNumber(once, where)).toBe(once);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['+(0)-', '0'],
  ['110', '110'],
  ['120', '120'],
  ['+86110', '110'],
  ['10086', '10086'],
  ['+8610086', '10086'],
  ['95588', '95588'],
  ['12345', '12345'],
  ['4008123123', '+864008123123'],
  ['106575580001', '106575580001'],
  ['+85221234567', '+85221234567'],
  ['0044 20 7946 0018', '+442079460018'],
  ['+44 (0)20 7946 0018', '+442079460018'],
  ['O', null],
  ['PRIVATE', null],
  ['', null],
])('%s is %s', (told, number) => {
  expect(canonicalNumber(told, BEIJING)).toBe(number);
});

test('a local number is one of the area of the lines, and stays as it is where none is set', () => {
  expect(canonicalNumber('6234 5678', BEIJING)).toBe('+861062345678');
  expect(canonicalNumber('86123456', BEIJING)).toBe('+861086123456');
  expect(canonicalNumber('62345678', CHINA)).toBe('62345678');
  expect(isCompleteNumber('62345678')).toBe(false);
  expect(isCompleteNumber('+861062345678')).toBe(true);
  expect(readNumbering({ countryCode: '86', areaCode: '010' })).toEqual(BEIJING);
});

test('in another country a 0 before the area code is dialled within it alone', () => {
  const london = { countryCode: '44', areaCode: '20' };
  expect(canonicalNumber('020 7946 0018', london)).toBe('+442079460018');
  expect(canonicalNumber('79460018', london)).toBe('+442079460018');
  expect(canonicalNumber('+8613800138000', london)).toBe('+8613800138000');
});
