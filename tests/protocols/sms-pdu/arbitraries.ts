import fc from 'fast-check';
import type { Address, Part, SmsTime } from '../../../protocols/sms-pdu/message.ts';
import { textOfSeptets } from '../../../protocols/sms-pdu/gsm-alphabet.ts';

const GSM_CHARACTERS = [
  ...Array.from({ length: 128 }, (_, code) => textOfSeptets([code])).filter((_, code) => code !== 0x1b),
  ...'^{}\\[~]|€\f',
];

export const gsmText = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...GSM_CHARACTERS), { maxLength }).map((characters) => characters.join(''));

export const address: fc.Arbitrary<Address> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('unknown', 'international', 'national', 'network', 'subscriber', 'abbreviated'),
    value: fc.array(fc.constantFrom(...'0123456789*#abc'), { maxLength: 20 }).map((digits) => digits.join('')),
  }),
  fc.record({
    kind: fc.constant('alphanumeric' as const),
    value: fc
      .array(fc.constantFrom(...'ABCdef 0123'), { minLength: 1, maxLength: 11 })
      .map((characters) => characters.join('')),
  }),
);

export const time: fc.Arbitrary<SmsTime> = fc.record({
  at: fc
    .integer({ min: Date.UTC(2000, 0, 2) / 1000, max: Date.UTC(2099, 11, 30) / 1000 })
    .map((seconds) => seconds * 1000),
  zoneQuarters: fc.integer({ min: -79, max: 79 }),
});

export const part: fc.Arbitrary<Part> = fc.oneof(partOf(8, 0xff), partOf(16, 0xffff));

function partOf(bits: 8 | 16, max: number): fc.Arbitrary<Part> {
  return fc.integer({ min: 1, max: 255 }).chain((total) =>
    fc.record({
      bits: fc.constant(bits),
      reference: fc.integer({ min: 0, max }),
      total: fc.constant(total),
      number: fc.integer({ min: 1, max: total }),
    }),
  );
}
