import fc from 'fast-check';
import type { SurGardMessage } from '../../../protocols/sur-gard/message.ts';
import type { SurGardWidths } from '../../../protocols/sur-gard/limits.ts';

const HEX = [...'0123456789ABCDEF'];
const text = (alphabet: readonly string[], least: number, most = least): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: least, maxLength: most });
const printable = (least: number, most = least): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
    minLength: least,
    maxLength: most,
  });

export const anyWidths: fc.Arbitrary<SurGardWidths> = fc.record({
  receiver: fc.integer({ min: 1, max: 4 }),
  line: fc.integer({ min: 1, max: 4 }),
  account: fc.integer({ min: 3, max: 16 }),
});

/** Any message that a receiver with these widths can send. */
export function anyMessage(widths: SurGardWidths): fc.Arbitrary<SurGardMessage> {
  const origin = { receiver: text(HEX, widths.receiver), line: text([...HEX, 'G', 'Z'], widths.line) };
  const event = fc.record({
    qualifier: fc.constantFrom('new' as const, 'restored' as const, 'still' as const),
    ...{ code: text(HEX, 3), group: text(HEX, 2), zone: text(HEX, 3) },
  });
  const aligned = text(HEX, 2, Math.max(6, widths.account));
  const data = printable(1, 80).filter((said) => !/[[\]]/.test(said));
  return fc.oneof(
    // Always three or more places: it names the real receiver, whatever the widths of the others.
    fc.record({ kind: fc.constant('heartbeat' as const), receiver: text(HEX, 2), line: text(HEX, 1, 4) }),
    fc.record({
      ...origin,
      ...{ kind: fc.constant('contact-id' as const), format: fc.constantFrom('18' as const, '98' as const) },
      ...{ account: text(HEX, widths.account), event },
    }),
    fc.record({
      ...origin,
      ...{
        kind: fc.constant('contact-id' as const),
        format: fc.constant('58' as const),
        account: text(HEX, 10),
        event,
      },
    }),
    fc.record({
      ...origin,
      ...{ kind: fc.constant('sia' as const), protocol: fc.constantFrom('S' as const, '0' as const) },
      ...{ account: text(HEX, 1, 16), data },
    }),
    fc.record({
      ...origin,
      ...{ kind: fc.constant('sia' as const), protocol: fc.constant('3' as const), account: aligned },
      data: fc.tuple(text([...'ABQRXYZ'], 2), text(HEX, 1, 4)).map(([code, zone]) => `N${code}${zone}`),
    }),
    fc.record({
      ...origin,
      ...{ kind: fc.constant('basic' as const), account: aligned },
      ...{ event: printable(1), area: printable(1), code: printable(3) },
    }),
  );
}
