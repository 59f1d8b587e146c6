import type { Part } from './message.ts';

/** Information elements of the user data header (3GPP TS 23.040 §9.2.3.24). */
const CONCATENATED_8 = 0x00;
const CONCATENATED_16 = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;

/** In the first octet of a TPDU: its user data begins with a header (TP-UDHI, §9.2.3.23). */
export const HAS_HEADER = 0b0100_0000;

export type Header = {
  readonly part: Part | null;
  /** A national table that we have not is asked for; letters may read wrong. */
  readonly hasShiftTable: boolean;
  readonly isBroken: boolean;
};

/** The elements behind the length octet. An element that makes no sense is passed over, as the standard asks. */
export function readHeader(elements: Uint8Array): Header {
  let part: Part | null = null;
  let hasShiftTable = false;
  let at = 0;
  while (at + 1 < elements.length) {
    const id = elements[at] ?? 0;
    const length = elements[at + 1] ?? 0;
    const data = elements.subarray(at + 2, at + 2 + length);
    if (data.length < length) return { part, hasShiftTable, isBroken: true };
    if (id === CONCATENATED_8 || id === CONCATENATED_16) part = readPart(id, data) ?? part;
    if (id === SINGLE_SHIFT || id === LOCKING_SHIFT) hasShiftTable = true;
    at += 2 + length;
  }
  return { part, hasShiftTable, isBroken: at !== elements.length };
}

function readPart(id: number, data: Uint8Array): Part | null {
  const bits = id === CONCATENATED_8 ? 8 : 16;
  const [total = 0, number = 0] = data.subarray(data.length - 2);
  if (data.length !== bits / 8 + 2 || total === 0 || number === 0 || number > total) return null;
  const reference = bits === 8 ? (data[0] ?? 0) : ((data[0] ?? 0) << 8) | (data[1] ?? 0);
  return { bits, reference, total, number };
}

/** With its length octet; nothing where there is no part. */
export function encodeHeader(part: Part | null): number[] {
  if (part === null) return [];
  const { bits, reference, total, number } = part;
  return bits === 8
    ? [5, CONCATENATED_8, 3, reference & 0xff, total, number]
    : [6, CONCATENATED_16, 4, (reference >> 8) & 0xff, reference & 0xff, total, number];
}
