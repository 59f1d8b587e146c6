import type { Limits } from './effective-limits.ts';

const MINUTE_MS = 60_000;

/** So many readings in a row beyond a limit ring (issue 4), … */
export const IN_A_ROW = 3;
/** … or two and more that span this (issue 4): whoever reports every ten minutes is not waited for three times. */
export const FOR_MS = 2 * MINUTE_MS;
/** A reading that is far beyond stands alone where no other lies as near as this. Chosen. */
export const ALONE_MS = 10 * MINUTE_MS;
/** How many readings are kept of a series, so that one that comes late finds its place. Chosen. */
export const KEPT = 8;
/** Of one that is well throughout, which nearly all are, fewer do. Chosen: enough to see where a late one belongs. */
const KEPT_WELL = 3;

export type Side = 'low' | 'high';

export type Sample = {
  /** When it was measured, epoch milliseconds, by the device's clock. */
  readonly ts: number;
  readonly value: number;
};

/** `since`: when those began that stood in a row before this one and are kept no longer. */
export type Kept = Sample & { readonly since: number | null };

/** Readings next to each other that mean something together. */
export type Run = { readonly last: Sample; readonly firstTs: number };

/** Null: within both ends, which are themselves well. */
export function sideOf(value: number, { low, high }: Pick<Limits, 'low' | 'high'>): Side | null {
  if (low !== null && value < low) return 'low';
  return high !== null && value > high ? 'high' : null;
}

/** In its place by time. Null where it changes nothing: its moment is taken, or lies before all that is kept of many. */
export function insertReading(
  readings: readonly Kept[],
  { ts, value }: Sample,
  limits: Limits,
): readonly Kept[] | null {
  let at = readings.length;
  while (at > 0 && (readings[at - 1]?.ts ?? 0) > ts) at -= 1;
  if (readings[at - 1]?.ts === ts || (at === 0 && readings.length >= KEPT)) return null;
  const grown = readings.toSpliced(at, 0, { ts, value, since: null });
  const isWell = grown.every((reading) => sideOf(reading.value, limits) === null);
  while (grown.length > (isWell ? KEPT_WELL : KEPT)) dropOldest(grown, limits);
  return grown;
}

function dropOldest(readings: Kept[], limits: Limits): void {
  const oldest = readings.shift();
  const next = readings[0];
  if (oldest === undefined || next === undefined || next.ts - oldest.ts > limits.gapMs) return;
  if (sideOf(oldest.value, limits) === sideOf(next.value, limits)) {
    readings[0] = { ...next, since: oldest.since ?? oldest.ts };
  }
}

/** The readings in a row around the one at `ts` that are `isIn`; null where they are too few to mean anything. */
export function findRun(
  readings: readonly Kept[],
  ts: number,
  limits: Limits,
  isIn: (value: number) => boolean,
): Run | null {
  const middle = readings.findIndex((reading) => reading.ts === ts);
  const isLinked = (earlier: Kept | undefined, later: Kept | undefined): boolean =>
    earlier !== undefined && later !== undefined && later.ts - earlier.ts <= limits.gapMs;
  const isMember = (at: number): boolean => {
    const reading = readings[at];
    return reading !== undefined && isIn(reading.value);
  };
  if (!isMember(middle)) return null;
  let [from, to] = [middle, middle];
  while (isMember(from - 1) && isLinked(readings[from - 1], readings[from])) from -= 1;
  while (isMember(to + 1) && isLinked(readings[to], readings[to + 1])) to += 1;
  const [first, last] = [readings[from], readings[to]];
  if (first === undefined || last === undefined) return null;
  const firstTs = first.since ?? first.ts;
  const count = to - from + 1;
  const suffices =
    count >= IN_A_ROW ||
    (count > 1 && last.ts - firstTs >= FOR_MS) ||
    (isFar(last.value, limits) && isAlone(readings, ts));
  return suffices ? { last, firstTs } : null;
}

function isFar(value: number, { far }: Limits): boolean {
  return far !== null && sideOf(value, far) !== null;
}

function isAlone(readings: readonly Kept[], ts: number): boolean {
  return readings.every((reading) => reading.ts === ts || Math.abs(reading.ts - ts) > ALONE_MS);
}
