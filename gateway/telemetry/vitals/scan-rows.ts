import { POSITION_BYTES, positionOf } from './record.ts';
import { worthOf, type Worth } from './thin.ts';

/** Where the texts begin in a payload of the spool (`record.ts`): behind position and time of receipt. */
const DEVICE_AT = POSITION_BYTES + 8;
/** Of a row, before its metric: ts, value, flags, and how long the metric is. */
const TS_BYTES = 8;
const FLAGS_AT = 16;
const METRIC_AT = 18;

export type ScannedRow = {
  /** Where it stands in the payload, with its end. */
  readonly at: number;
  readonly end: number;
  readonly metric: string;
  readonly worth: Worth;
};

export type Scanned = { readonly position: number; readonly device: string; readonly rows: readonly ScannedRow[] };

/**
 * Where the rows of a payload stand and what they are worth, ten times as fast as reading them: whole files are looked at while
 * messages wait for the same thread. Null where the payload is none. Total.
 */
export function scanRows(payload: Buffer): Scanned | null {
  if (payload.length < DEVICE_AT + 4) return null;
  const residentAt = DEVICE_AT + 1 + (payload[DEVICE_AT] ?? 0);
  const countAt = residentAt + 1 + (payload[residentAt] ?? 0);
  if (countAt + 2 > payload.length) return null;
  const count = payload.readUInt16BE(countAt);
  const rows: ScannedRow[] = [];
  let at = countAt + 2;
  for (let index = 0; index < count; index += 1) {
    if (at + METRIC_AT > payload.length) return null;
    const end = at + METRIC_AT + (payload[at + METRIC_AT - 1] ?? 0);
    if (end > payload.length) return null;
    const metric = payload.toString('latin1', at + METRIC_AT, end);
    rows.push({ at, end, metric, worth: worthOf({ metric, flags: payload[at + FLAGS_AT] ?? 0 }) });
    at = end;
  }
  if (at !== payload.length) return null;
  return { position: positionOf(payload), device: payload.toString('latin1', DEVICE_AT + 1, residentAt), rows };
}

export function tsOf(payload: Buffer, { at }: ScannedRow): number {
  return payload.readDoubleBE(at);
}

export function valueOf(payload: Buffer, { at }: ScannedRow): number {
  return payload.readDoubleBE(at + TS_BYTES);
}

/** The payload with these of its rows, in their order. Position and all else stay. */
export function keepRows(payload: Buffer, rows: readonly ScannedRow[]): Buffer {
  const [device = 0] = payload.subarray(DEVICE_AT);
  const residentAt = DEVICE_AT + 1 + device;
  const headEnd = residentAt + 1 + (payload[residentAt] ?? 0) + 2;
  const kept = Buffer.concat([payload.subarray(0, headEnd), ...rows.map(({ at, end }) => payload.subarray(at, end))]);
  kept.writeUInt16BE(rows.length, headEnd - 2);
  return kept;
}
