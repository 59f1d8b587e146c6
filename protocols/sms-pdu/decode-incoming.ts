import { readAddress } from './address.ts';
import { MAX_PDU_OCTETS } from './limits.ts';
import type { Deliver, Incoming, PduFault, StatusReport } from './message.ts';
import { Octets, octetsOfHex } from './octets.ts';
import { readTimeStamp, TIME_STAMP_OCTETS } from './time-stamp.ts';
import { HAS_HEADER } from './user-data-header.ts';
import { readUserData } from './user-data.ts';

export type DecodedIncoming = { readonly message: Incoming; readonly faults: readonly PduFault[] };

/**
 * A PDU as a modem gives it (3GPP TS 27.005 §4.6): the service centre's address, then the TPDU, in hex. Total, since an alarm
 * may be in it: what cannot be read is a message without it, with faults. `announced`: octets of the TPDU as the line before
 * it said.
 */
export function decodeIncoming(hex: string, announced: number | null = null): DecodedIncoming {
  const all = octetsOfHex(hex);
  if (all === null) return { message: EMPTY, faults: [{ code: 'not-hex', offset: 0 }] };
  const faults: PduFault[] = [];
  if (all.length > MAX_PDU_OCTETS) faults.push({ code: 'too-long', offset: MAX_PDU_OCTETS });
  const octets = new Octets(all.subarray(0, MAX_PDU_OCTETS));
  // The centre's address carries nothing that is of use here.
  octets.take(octets.one());
  if (announced !== null && announced !== octets.left) faults.push({ code: 'wrong-length', offset: octets.offset });
  const first = octets.one();
  const kind = first & 0b11;
  // 0b11 is reserved and to be read as a DELIVER (3GPP TS 23.040 §9.2.3.1); 0b01 nobody sends to us.
  if (kind === 0b01) faults.push({ code: 'unknown-kind', offset: octets.offset });
  const message = kind === 0b10 ? readReport(octets, faults) : readDeliver(octets, first, faults);
  if (octets.isCut) faults.push({ code: 'cut', offset: octets.offset });
  else if (octets.left > 0 && message.kind === 'deliver') faults.push({ code: 'trailing', offset: octets.offset });
  return { message, faults };
}

const EMPTY: Deliver = { kind: 'deliver', from: null, time: null, body: { coding: 'gsm7', text: '' }, part: null };

/** §9.2.2.1. */
function readDeliver(octets: Octets, first: number, faults: PduFault[]): Deliver {
  const from = addressIn(octets, faults);
  octets.one(); // Protocol identifier: nothing depends on it.
  const dcs = octets.one();
  const time = timeIn(octets, faults);
  const { body, part } = readUserData(octets, dcs, (first & HAS_HEADER) !== 0, faults);
  return { kind: 'deliver', from, time, body, part };
}

/** §9.2.2.3; what may stand behind the status says nothing more. */
function readReport(octets: Octets, faults: PduFault[]): StatusReport {
  const reference = octets.one();
  const to = addressIn(octets, faults);
  const sentAt = timeIn(octets, faults);
  const doneAt = timeIn(octets, faults);
  return { kind: 'status-report', reference, to, sentAt, doneAt, status: octets.one() };
}

function addressIn(octets: Octets, faults: PduFault[]) {
  const address = readAddress(octets);
  if (address === null) faults.push({ code: 'bad-address', offset: octets.offset });
  return address;
}

function timeIn(octets: Octets, faults: PduFault[]) {
  const time = readTimeStamp(octets.take(TIME_STAMP_OCTETS));
  if (time === null) faults.push({ code: 'bad-time', offset: octets.offset });
  return time;
}
