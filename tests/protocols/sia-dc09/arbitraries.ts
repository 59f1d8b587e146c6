import fc from 'fast-check';
import type { Dc09Message } from '../../../protocols/sia-dc09/message.ts';

const hex = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength, maxLength });
/** What may stand between brackets; letters of China too. */
const inBrackets = fc.string({
  unit: fc.constantFrom(...'ABNRUXZabcntiz0123456789 #|/^*-.:,<>老人跌倒'),
  maxLength: 40,
});

type Shape = { readonly isEncrypted: boolean; readonly hasTime: boolean };

/** A frame as our encoder writes it. */
export function anyMessage({ isEncrypted, hasTime }: Shape): fc.Arbitrary<Dc09Message> {
  return fc
    .record(
      {
        token: fc.constantFrom('SIA-DCS', 'ADM-CID', 'NULL', 'ACK', 'RSP', 'DUH', 'XYZ-9'),
        sequence: fc.nat(9999),
        account: hex(3, 16),
        data: inBrackets.map((text) => text.replace(/^\|/, '')),
        xdata: fc.array(fc.record({ letter: fc.constantFrom(...'HIKLMNVXYZ'), text: inBrackets }), { maxLength: 4 }),
        receiver: hex(1, 6),
        line: hex(1, 6),
        at: fc.integer({ min: 0, max: 4_000_000_000 }).map((second) => second * 1000),
        crcStyle: fc.constantFrom('hex' as const, 'binary' as const),
      },
      { requiredKeys: ['token', 'sequence', 'account', 'data', 'xdata', 'crcStyle'] },
    )
    .map(({ at, ...rest }) => ({
      ...rest,
      ...(hasTime ? { at: at ?? 0 } : {}),
      isEncrypted,
      lenIsRight: true,
    }));
}

/** Pieces of frames beside bytes of any kind, so that a decoder gets further than the first check. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 120 }),
  fc
    .array(
      fc.constantFrom('\n', '\r', '"', '*', '[', ']', '|', '#12', 'L0', 'R1', '0001', 'SIA-DCS', '_', 'FFFF', '\u{FF}'),
      {
        maxLength: 30,
      },
    )
    .map((parts) => Uint8Array.from(parts.join(''), (char) => char.charCodeAt(0))),
);
