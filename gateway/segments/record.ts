import { crc32 } from 'node:zlib';

/**
 * One record of a segment (of the journal or of the vitals' spool), integers big-endian:
 *
 *   0  magic    4 bytes, none of which can stand in UTF-8 but for two letters
 *   4  length   u32, bytes of payload
 *   8  crc      u32, CRC-32 over length, kind and payload
 *  12  kind     u8
 *  13  payload
 *
 * A segment is records one after the other and then zeroes. What is damaged is passed over up to the next magic, so that a
 * page which was lost under one record does not hide those behind it.
 */
const MAGIC = Buffer.from([0xf5, 0x5a, 0x4a, 0xff]);
const LENGTH_AT = 4;
const CRC_AT = 8;
const KIND_AT = 12;
export const RECORD_HEADER_BYTES = 13;

/** Bound of a whole record. A frame is kept up to 64 KiB (88 KiB in base64), with its decoded fields below 256 KiB. */
export const MAX_RECORD_BYTES = 256 * 1024;
export const MAX_PAYLOAD_BYTES = MAX_RECORD_BYTES - RECORD_HEADER_BYTES;

/**
 * `alarm`: an event as JSON. `settled`: the id of an event that Redis has. `beat`: nothing but a proof that the disk still
 * takes records. `vitals`: a message in the spool of the vitals lane (`telemetry/vitals/record.ts`). Kinds unknown to a reader
 * are passed over.
 */
export const RECORD_KIND = { alarm: 1, settled: 2, beat: 3, vitals: 4 } as const;

export type SegmentRecord = { readonly kind: number; readonly payload: Uint8Array };

export type RecordFault = {
  /**
   * - `cut-off`: the bytes end inside the record
   * - `bad-magic`: something stands where a record or zeroes should
   * - `bad-length`: over the bound
   * - `bad-crc`: the content is not what was written
   */
  readonly code: 'cut-off' | 'bad-magic' | 'bad-length' | 'bad-crc';
  /** Where the record begins. */
  readonly offset: number;
};

export type Decoded =
  | { readonly kind: 'record'; readonly record: SegmentRecord; readonly next: number }
  | { readonly kind: 'fault'; readonly fault: RecordFault };

/** Throws RangeError when the payload is over MAX_PAYLOAD_BYTES or the kind is no byte: a mistake of the caller. */
export function encodeRecord(kind: number, payload: Uint8Array): Buffer {
  return encodeRecords(kind, [payload]);
}

/** One behind the other. Throws as `encodeRecord` does. */
export function encodeRecords(kind: number, payloads: readonly Uint8Array[]): Buffer {
  const size = payloads.reduce((sum, { length }) => sum + RECORD_HEADER_BYTES + length, 0);
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const payload of payloads) {
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError('record payload over the bound');
    const end = at + RECORD_HEADER_BYTES + payload.length;
    MAGIC.copy(bytes, at);
    bytes.writeUInt32BE(payload.length, at + LENGTH_AT);
    bytes.writeUInt8(kind, at + KIND_AT);
    bytes.set(payload, at + RECORD_HEADER_BYTES);
    bytes.writeUInt32BE(calcCrc(bytes, at, end), at + CRC_AT);
    at = end;
  }
  return bytes;
}

/** Total: any bytes and any offset within them give a record or a coded fault. The payload is a view, not a copy. */
export function decodeRecord(bytes: Buffer, offset: number): Decoded {
  if (bytes.length - offset < RECORD_HEADER_BYTES) return fault('cut-off', offset);
  if (MAGIC.compare(bytes, offset, offset + MAGIC.length) !== 0) return fault('bad-magic', offset);
  const length = bytes.readUInt32BE(offset + LENGTH_AT);
  if (length > MAX_PAYLOAD_BYTES) return fault('bad-length', offset);
  const end = offset + RECORD_HEADER_BYTES + length;
  if (end > bytes.length) return fault('cut-off', offset);
  if (bytes.readUInt32BE(offset + CRC_AT) !== calcCrc(bytes, offset, end)) return fault('bad-crc', offset);
  const record = {
    kind: bytes.readUInt8(offset + KIND_AT),
    payload: bytes.subarray(offset + RECORD_HEADER_BYTES, end),
  };
  return { kind: 'record', record, next: end };
}

export type SegmentContent = {
  readonly records: readonly SegmentRecord[];
  readonly faults: readonly RecordFault[];
  /** Bytes up to the end of the last record. */
  readonly usedBytes: number;
};

/** Every intact record of a segment, in order, and what was passed over. Total. */
export function decodeSegment(bytes: Buffer): SegmentContent {
  const records: SegmentRecord[] = [];
  const faults: RecordFault[] = [];
  let usedBytes = 0;
  let offset = 0;
  while (offset < bytes.length) {
    const decoded = decodeRecord(bytes, offset);
    if (decoded.kind === 'record') {
      records.push(decoded.record);
      offset = decoded.next;
      usedBytes = offset;
      continue;
    }
    const resumeAt = findMagic(bytes, offset + 1);
    if (!isZero(bytes.subarray(offset, resumeAt))) faults.push(decoded.fault);
    offset = resumeAt;
  }
  return { records, faults, usedBytes };
}

/** Where the next record may begin, or the end of the bytes. */
export function findMagic(bytes: Buffer, from: number): number {
  const magicAt = bytes.indexOf(MAGIC, from);
  return magicAt < 0 ? bytes.length : magicAt;
}

const ZEROES = Buffer.alloc(64 * 1024);

/** Whether nothing was ever written here. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROES.length) {
    const end = Math.min(bytes.length, at + ZEROES.length);
    if (bytes.compare(ZEROES, 0, end - at, at, end) !== 0) return false;
  }
  return true;
}

function fault(code: RecordFault['code'], offset: number): Decoded {
  return { kind: 'fault', fault: { code, offset } };
}

function calcCrc(bytes: Buffer, offset: number, end: number): number {
  return crc32(bytes.subarray(offset + KIND_AT, end), crc32(bytes.subarray(offset + LENGTH_AT, offset + CRC_AT)));
}
