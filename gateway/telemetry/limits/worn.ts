import { AHEAD_MS } from './series.ts';

/** So many bad readings of one metric in a row mean that the sensor sits badly (chosen), … */
export const BAD_IN_A_ROW = 5;
/** … or only bad ones for so long, two at least (chosen). */
export const BAD_FOR_MS = 10 * 60_000;
/** So many good ones in a row mean that it sits well again (chosen), … */
export const GOOD_IN_A_ROW = 3;
/** … where it has not been loose for so long. Chosen: a contact that comes and goes all night is one matter. */
export const GOOD_FOR_MS = 30 * 60_000;
/** A metric that was not sent for longer says nothing of how the device is worn now. Chosen. */
export const FRESH_MS = 35 * 60_000;
/** A device has no more metrics than this; further ones are not watched. Chosen. */
export const MAX_METRICS = 16;

/** How the sensor of one metric has been lately. Immutable. */
export type Worn = {
  readonly lastTs: number;
  readonly bad: number;
  readonly badSince: number;
  readonly good: number;
  /** Of the first good one since it was loose. */
  readonly goodSince: number | null;
};

/**
 * Takes one reading, not worn, poor or implausible (bad), or none of these. One that is older than the last changes nothing,
 * unless the last lies ahead of `nowMs`: that clock was wrong. `gapMs`: further apart they are not in a row. Pure.
 */
export function takeQuality(before: Worn | undefined, ts: number, isGood: boolean, nowMs: number, gapMs: number): Worn {
  const isAhead = before !== undefined && before.lastTs > Math.max(ts, nowMs + AHEAD_MS);
  const last = isAhead ? undefined : before;
  if (last !== undefined && ts <= last.lastTs) return last;
  const isInRow = last !== undefined && ts - last.lastTs <= gapMs;
  const goodSince = isInRow ? last.goodSince : null;
  if (isGood) return { lastTs: ts, bad: 0, badSince: 0, good: isInRow ? last.good + 1 : 1, goodSince: goodSince ?? ts };
  const follows = isInRow && last.bad > 0;
  const worn = { lastTs: ts, bad: follows ? last.bad + 1 : 1, badSince: follows ? last.badSince : ts, good: 0 };
  return { ...worn, goodSince: isLoose(worn) ? null : goodSince };
}

/** Whether what the sensor says of this metric cannot be used for some time now. */
export function isLoose({ bad, badSince, lastTs }: Pick<Worn, 'bad' | 'badSince' | 'lastTs'>): boolean {
  return bad >= BAD_IN_A_ROW || (bad > 1 && lastTs - badSince >= BAD_FOR_MS);
}

/**
 * Whether a device is worn well again: some metric has good readings in a row, and none of those it still sends is in a run
 * of bad ones, or was loose of late. One that it has not sent for a while says nothing.
 */
export function isWornWell(metrics: Iterable<Worn>): boolean {
  const all = [...metrics];
  const newest = Math.max(...all.map(({ lastTs }) => lastTs));
  const fresh = all.filter(({ lastTs }) => newest - lastTs <= FRESH_MS);
  const isWell = ({ bad, goodSince }: Worn): boolean =>
    bad === 0 && goodSince !== null && newest - goodSince >= GOOD_FOR_MS;
  return fresh.every(isWell) && fresh.some(({ good }) => good >= GOOD_IN_A_ROW);
}
