import { readAddress } from './address.ts';
import type { PduFault, Submit } from './message.ts';
import { Octets, octetsOfHex } from './octets.ts';
import { HAS_HEADER } from './user-data-header.ts';
import { readUserData } from './user-data.ts';
import { minutesOfValidity } from './validity.ts';

/** What a modem is given to send (3GPP TS 23.040 §9.2.2.2); null where it is no such thing. For simulators. */
export function decodeSubmit(hex: string): Submit | null {
  const all = octetsOfHex(hex);
  if (all === null) return null;
  const octets = new Octets(all);
  octets.take(octets.one());
  const first = octets.one();
  if ((first & 0b11) !== 0b01) return null;
  const reference = octets.one();
  const to = readAddress(octets);
  octets.one();
  const dcs = octets.one();
  const format = (first >> 3) & 0b11;
  const validityMin = format === 0b10 ? minutesOfValidity(octets.one()) : null;
  if (format === 0b01 || format === 0b11) octets.take(7);
  const faults: PduFault[] = [];
  const { body, part } = readUserData(octets, dcs, (first & HAS_HEADER) !== 0, faults);
  if (to === null || octets.isCut || octets.left > 0 || faults.length > 0) return null;
  return { kind: 'submit', reference, to, body, part, wantsReport: (first & 0b0010_0000) !== 0, validityMin };
}
