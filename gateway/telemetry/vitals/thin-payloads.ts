import { keepRows, scanRows, tsOf, valueOf, type Scanned, type ScannedRow } from './scan-rows.ts';
import { NONE, type WorthCounts } from './thin.ts';

/** Of so long a time the lowest and the highest of a metric stay: no reading beyond a limit goes, the curve keeps its shape. Chosen. */
export const SPAN_MS = 5 * 60_000;

/** How often a file can be thinned before it goes whole: 1, the vital rows stay; 2, of these the extremes. */
export const MOST_THINNED = 2;

type Message = Scanned & { readonly payload: Buffer };

export type Thinned = {
  /** What stays, payload by payload. */
  readonly payloads: readonly Buffer[];
  readonly gone: WorthCounts;
};

/** Messages of a file that are above a position; what is damaged is left out. */
export function scanMessages(payloads: readonly Buffer[], above: number): Message[] {
  return payloads.flatMap((payload) => {
    const scanned = scanRows(payload);
    return scanned === null || scanned.position <= above ? [] : [{ ...scanned, payload }];
  });
}

/** What stays of messages at a level: 1, the vital rows; 2, of each device, metric and five minutes the lowest and the highest. */
export function thinMessages(messages: readonly Message[], level: number): Thinned {
  const extremes = level < MOST_THINNED ? null : findExtremes(messages);
  const isKept = (row: ScannedRow): boolean => row.worth === 'vital' && (extremes === null || extremes.has(row));
  const gone = { ...NONE };
  const payloads: Buffer[] = [];
  for (const { payload, rows } of messages) {
    const kept = rows.filter(isKept);
    if (kept.length === rows.length) payloads.push(payload);
    else {
      if (kept.length > 0) payloads.push(keepRows(payload, kept));
      for (const row of rows) if (!isKept(row)) gone[row.worth] += 1;
    }
  }
  return { payloads, gone };
}

export function countMessages(messages: readonly Message[]): WorthCounts {
  const counts = { ...NONE };
  for (const { rows } of messages) for (const { worth } of rows) counts[worth] += 1;
  return counts;
}

type Extreme = { lowest: ScannedRow; low: number; highest: ScannedRow; high: number };

function findExtremes(messages: readonly Message[]): Set<ScannedRow> {
  const found = new Map<string, Extreme>();
  for (const { payload, device, rows } of messages) {
    for (const row of rows) {
      if (row.worth !== 'vital') continue;
      const value = valueOf(payload, row);
      const key = `${device} ${row.metric} ${Math.floor(tsOf(payload, row) / SPAN_MS)}`;
      const extreme = found.get(key);
      if (extreme === undefined) found.set(key, { lowest: row, low: value, highest: row, high: value });
      else if (value < extreme.low) {
        extreme.low = value;
        extreme.lowest = row;
      } else if (value > extreme.high) {
        extreme.high = value;
        extreme.highest = row;
      }
    }
  }
  return new Set([...found.values()].flatMap(({ lowest, highest }) => [lowest, highest]));
}
