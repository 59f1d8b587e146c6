import { MAX_NAME_CHARS } from './limits.ts';
import type { CallerFields } from './message.ts';
import { readMoment, readNumber } from './number.ts';

/** Message types (Telcordia GR-30; YD/T 1277.1 has the same): single and multiple data message format. */
const SDMF = 0x04;
export const MDMF = 0x80;

/** Parameter types of a multiple data message. */
export const PARAMETER = {
  dateTime: 0x01,
  number: 0x02,
  dialable: 0x03,
  noNumber: 0x04,
  name: 0x07,
  noName: 0x08,
} as const;

/** Month, day, hour and minute stand before the number in a single data message. */
const SDMF_TIME_BYTES = 8;

/**
 * What stands behind `MESG` in hexadecimal: a whole packet (type, length, body, checksum), or one parameter of it (type,
 * length, data, and mostly its checksum). Null where length or checksum do not fit; then nothing of it is believed.
 */
export function decodePacket(hex: string): CallerFields | null {
  const bytes = readHex(hex);
  if (bytes === null) return null;
  const [type, length] = bytes;
  if (type === undefined || length === undefined) return null;
  const body = bytes.subarray(2, 2 + length);
  if (body.length !== length) return null;
  // 4 alone is also the parameter that says why there is no number: one letter.
  if (type === MDMF || (type === SDMF && length >= SDMF_TIME_BYTES)) {
    if (bytes.length !== length + 3 || !hasGoodSum(bytes)) return null;
    return type === SDMF ? readSingle(body) : readParameters(body);
  }
  // A parameter alone: modems are known with and without a checksum behind it.
  const isAlone = bytes.length === length + 2 || (bytes.length === length + 3 && hasGoodSum(bytes));
  return isAlone ? readParameter(type, body) : null;
}

/** The two's complement of the sum of all bytes before it, modulo 256: all of them together make 0. */
function hasGoodSum(bytes: Uint8Array): boolean {
  return (bytes.reduce((sum, byte) => sum + byte, 0) & 0b1111_1111) === 0;
}

function readHex(text: string): Uint8Array | null {
  const digits = text.replaceAll(' ', '');
  if (digits.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(digits)) return null;
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16),
  );
}

function readSingle(body: Uint8Array): CallerFields {
  const text = textOf(body);
  return { ...readMoment(text.slice(0, SDMF_TIME_BYTES)), ...readNumber(text.slice(SDMF_TIME_BYTES)) };
}

function readParameters(body: Uint8Array): CallerFields | null {
  let fields: CallerFields = {};
  for (let at = 0; at < body.length;) {
    const [type, length] = body.subarray(at, at + 2);
    if (type === undefined || length === undefined) return null;
    const data = body.subarray(at + 2, at + 2 + length);
    if (data.length !== length) return null;
    fields = { ...readParameter(type, data), ...fields };
    at += 2 + length;
  }
  return fields;
}

function readParameter(type: number, data: Uint8Array): CallerFields {
  const text = textOf(data);
  switch (type) {
    case PARAMETER.dateTime:
      return readMoment(text);
    case PARAMETER.number:
    case PARAMETER.dialable:
    case PARAMETER.noNumber:
      return readNumber(text);
    case PARAMETER.name:
      return { name: text.slice(0, MAX_NAME_CHARS) };
    case PARAMETER.noName:
    default:
      return {};
  }
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
