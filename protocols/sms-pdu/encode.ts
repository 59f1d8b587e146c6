import { encodeAddress } from './address.ts';
import { DCS_OF } from './data-coding.ts';
import type { Deliver, StatusReport, Submit } from './message.ts';
import { hexOf } from './octets.ts';
import { encodeTimeStamp } from './time-stamp.ts';
import { HAS_HEADER } from './user-data-header.ts';
import { encodeUserData } from './user-data.ts';
import { validityOfMinutes } from './validity.ts';

/** A PDU for or from a modem: hex with the service centre's address in front (00: its own), and the octets behind that. */
export type EncodedPdu = { readonly hex: string; readonly tpduOctets: number };

/** SMS-SUBMIT (3GPP TS 23.040 §9.2.2.2), relative validity. */
export function encodeSubmit(submit: Submit): EncodedPdu {
  const { part, validityMin, wantsReport, reference, to, body } = submit;
  const first =
    0b01 |
    (validityMin === null ? 0 : 0b0001_0000) |
    (wantsReport ? 0b0010_0000 : 0) |
    (part === null ? 0 : HAS_HEADER);
  return pdu([
    first,
    reference & 0xff,
    ...encodeAddress(to),
    0,
    DCS_OF[body.coding],
    ...(validityMin === null ? [] : [validityOfMinutes(validityMin)]),
    ...encodeUserData(body, part),
  ]);
}

/** SMS-DELIVER (§9.2.2.1) as a network sends it; for simulators and tests. */
export function encodeDeliver({ from, time, body, part }: Deliver): EncodedPdu {
  return pdu([
    0b0100 | (part === null ? 0 : HAS_HEADER),
    ...encodeAddress(from ?? { kind: 'unknown', value: '' }),
    0,
    DCS_OF[body.coding],
    ...encodeTimeStamp(time ?? { at: 0, zoneQuarters: 0 }),
    ...encodeUserData(body, part),
  ]);
}

/** SMS-STATUS-REPORT (§9.2.2.3) as a network sends it; for simulators and tests. */
export function encodeStatusReport({ reference, to, sentAt, doneAt, status }: StatusReport): EncodedPdu {
  return pdu([
    0b0110,
    reference & 0xff,
    ...encodeAddress(to ?? { kind: 'unknown', value: '' }),
    ...encodeTimeStamp(sentAt ?? { at: 0, zoneQuarters: 0 }),
    ...encodeTimeStamp(doneAt ?? { at: 0, zoneQuarters: 0 }),
    status,
  ]);
}

function pdu(tpdu: readonly number[]): EncodedPdu {
  return { hex: `00${hexOf(tpdu)}`, tpduOctets: tpdu.length };
}
