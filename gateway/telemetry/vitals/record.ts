import type { Observation } from '../observation.ts';

/**
 * What one device said in one message, as it stands in the spool inside a record of the journal's framing (magic, length,
 * CRC-32). Big-endian; a text is its length in bytes as u8 and then UTF-8:
 *
 *   u64 position · f64 received at · text device · text resident, empty for null · u16 rows · per row: f64 ts, f64 value, u8 flags, text metric
 *
 * Positions grow from record to record, over restarts too, with gaps.
 */
export type SpoolRecord = { readonly position: number; readonly rows: readonly Observation[] };

export const POSITION_BYTES = 8;
/** Rows of one record, and bytes of a text in it: a record stays below 83 KiB, whatever is in it. */
export const MAX_ROWS = 1000;
const MAX_TEXT_BYTES = 64;
const FIXED_ROW_BYTES = 17;
const TWO_TO_32 = 2 ** 32;

/**
 * Bytes of rows that share device, resident and time of receipt, with the position left at zero. Undefined where they cannot be
 * written: none or too many of them, or a text that is too long.
 */
export function encodeRows(rows: readonly Observation[]): Buffer | undefined {
  const [first] = rows;
  if (first === undefined || rows.length > MAX_ROWS) return undefined;
  let size = POSITION_BYTES + 8 + sizeOf(first.deviceId) + sizeOf(first.residentId ?? '') + 2;
  for (const { metric } of rows) size += sizeOf(metric) + FIXED_ROW_BYTES;
  if (size === Infinity) return undefined;
  const bytes = Buffer.allocUnsafe(size);
  setPosition(bytes, 0);
  let at = bytes.writeDoubleBE(first.receivedAt, POSITION_BYTES);
  const text = (value: string): void => {
    const size = bytes.write(value, at + 1);
    at = bytes.writeUInt8(size, at) + size;
  };
  text(first.deviceId);
  text(first.residentId ?? '');
  at = bytes.writeUInt16BE(rows.length, at);
  for (const { ts, value, flags, metric } of rows) {
    at = bytes.writeDoubleBE(ts, at);
    at = bytes.writeDoubleBE(value, at);
    at = bytes.writeUInt8(flags, at);
    text(metric);
  }
  return bytes;
}

/** Of a text with its length; infinite where it is too long. */
function sizeOf(text: string): number {
  const size = Buffer.byteLength(text);
  return size > MAX_TEXT_BYTES ? Infinity : 1 + size;
}

export function setPosition(bytes: Buffer, position: number): void {
  const high = Math.floor(position / TWO_TO_32);
  bytes.writeUInt32BE(position - high * TWO_TO_32, bytes.writeUInt32BE(high, 0));
}

export function positionOf(bytes: Buffer): number {
  return bytes.readUInt32BE(0) * TWO_TO_32 + bytes.readUInt32BE(4);
}

/** Total: any bytes give a record or null. */
export function decodeSpoolRecord(bytes: Uint8Array): SpoolRecord | null {
  const reader = new Reader(bytes);
  const position = reader.u64();
  const receivedAt = reader.f64();
  const deviceId = reader.text();
  const residentId = reader.text() || null;
  const count = reader.u16();
  if (count === 0 || count > MAX_ROWS || !Number.isSafeInteger(position)) return null;
  const rows: Observation[] = [];
  for (let index = 0; index < count && !reader.isShort; index += 1) {
    const ts = reader.f64();
    const value = reader.f64();
    const flags = reader.u8();
    rows.push({ deviceId, residentId, ts, metric: reader.text(), value, flags, receivedAt });
  }
  return reader.isWhole && rows.every(isSound) ? { position, rows } : null;
}

function isSound({ ts, value, receivedAt }: Observation): boolean {
  return Number.isSafeInteger(ts) && Number.isSafeInteger(receivedAt) && Number.isFinite(value);
}

/** Reads on and remembers that there was too little. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  isShort = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** All of it was there, and nothing is left. */
  get isWhole(): boolean {
    return !this.isShort && this.#at === this.#bytes.length;
  }

  u8(): number {
    return this.#has(1) ? this.#bytes.readUInt8(this.#at - 1) : 0;
  }

  u16(): number {
    return this.#has(2) ? this.#bytes.readUInt16BE(this.#at - 2) : 0;
  }

  /** Exact up to 2^53, and above it nothing that is safe. */
  u64(): number {
    if (!this.#has(8)) return 0;
    return this.#bytes.readUInt32BE(this.#at - 8) * TWO_TO_32 + this.#bytes.readUInt32BE(this.#at - 4);
  }

  f64(): number {
    return this.#has(8) ? this.#bytes.readDoubleBE(this.#at - 8) : 0;
  }

  text(): string {
    const size = this.u8();
    return this.#has(size) ? this.#bytes.toString('utf8', this.#at - size, this.#at) : '';
  }

  /** Goes on behind so many bytes, if they are there. */
  #has(size: number): boolean {
    if (this.#at + size > this.#bytes.length) this.isShort = true;
    if (this.isShort) return false;
    this.#at += size;
    return true;
  }
}
