import type { Limits } from './effective-limits.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** So many readings in a row beyond a limit ring (issue 4), … */
export const IN_A_ROW = 3;
/** … or two and more that span this (issue 4): whoever reports every ten minutes is not waited for three times. */
export const FOR_MS = 2 * MINUTE_MS;
/** Readings further apart than this are not in a row. Chosen: above the half hour at which watches take SpO2. */
export const GAP_MS = 35 * MINUTE_MS;
/** What is still beyond so long after it rang rings again. Chosen. */
export const AGAIN_AFTER_MS = 30 * MINUTE_MS;
/** A device's clock was set back where what it said before lies so far ahead of now. Design §4 Identity, "5 min after". */
export const AHEAD_MS = 5 * MINUTE_MS;
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
type Kept = Sample & { readonly since: number | null };

/** When it last rang and with what. */
type Rang = Sample & { readonly side: Side; readonly limit: number };

/** The readings of one metric of one person, oldest first, and how things stand. Immutable. */
export type Series = {
  readonly readings: readonly Kept[];
  readonly rang: Rang | null;
  /** It rang, and has not been back within limits since. */
  readonly isRaised: boolean;
};

export const EMPTY_SERIES: Series = { readings: [], rang: null, isRaised: false };

/** `beyond` asks for a person, `back` is a note that it is well again. */
export type Verdict = Rang & { readonly kind: 'beyond' | 'back'; readonly forMs: number };

type Run = { readonly last: Sample; readonly firstTs: number; readonly count: number };

/**
 * Takes one reading that counts (without any flag) and says whether it rings. Pure; `nowMs` is when it was received. No single
 * reading ever rings; three in a row always do, in whatever order they come, unless it rang for these already.
 */
export function takeReading(
  before: Series,
  sample: Sample,
  limits: Limits,
  nowMs: number,
): { readonly series: Series; readonly verdict: Verdict | null } {
  const current = forgetAhead(before, sample, nowMs);
  const readings = insert(current.readings, sample, limits);
  if (readings === null) return { series: current, verdict: null };
  const series = { ...current, readings };
  const side = sideOf(sample.value, limits);
  const runOf = (isIn: (value: number) => boolean): Run | null => findRun(readings, sample.ts, isIn);
  if (side === null) {
    const { rang } = series;
    if (!series.isRaised || rang === null) return { series: thin(series, limits), verdict: null };
    const run = runOf((value) => sideOf(value, limits) === null);
    if (run === null || run.firstTs <= rang.ts) return { series, verdict: null };
    return { series: { ...series, isRaised: false }, verdict: verdictOf('back', run, rang.side, rang.limit) };
  }
  const limit = limits[side] ?? sample.value;
  const run = runOf((value) => sideOf(value, limits) === side);
  if (run === null || !ringsNow(series, side, run, limits, runOf)) return { series, verdict: null };
  const rang = { side, limit, ts: run.last.ts, value: run.last.value };
  return { series: { ...series, rang, isRaised: true }, verdict: verdictOf('beyond', run, side, limit) };
}

/** What rang could not be kept: the next reading rings. */
export function asNeverRang(series: Series, ts: number): Series {
  return series.rang?.ts === ts ? { ...series, rang: null, isRaised: false } : series;
}

/** Not again for the same readings, and while it is raised only when it lasts or is much worse than what was told. */
function ringsNow(
  { rang, isRaised }: Series,
  side: Side,
  run: Run,
  limits: Limits,
  runOf: (isIn: (value: number) => boolean) => Run | null,
): boolean {
  if (rang === null) return true;
  if (run.last.ts <= rang.ts) return false;
  if (!isRaised || rang.side !== side || run.last.ts - rang.ts >= AGAIN_AFTER_MS) return true;
  const { worse } = limits;
  return runOf((value) => (side === 'low' ? value <= rang.value - worse : value >= rang.value + worse)) !== null;
}

function verdictOf(kind: Verdict['kind'], { last, firstTs }: Run, side: Side, limit: number): Verdict {
  return { kind, side, limit, ts: last.ts, value: last.value, forMs: last.ts - firstTs };
}

/** Null: within both ends, which are themselves well. */
function sideOf(value: number, { low, high }: Limits): Side | null {
  if (low !== null && value < low) return 'low';
  return high !== null && value > high ? 'high' : null;
}

/** In its place by time. Null where it changes nothing: its moment is taken, or lies before all that is kept of many. */
function insert(readings: readonly Kept[], { ts, value }: Sample, limits: Limits): readonly Kept[] | null {
  let at = readings.length;
  while (at > 0 && (readings[at - 1]?.ts ?? 0) > ts) at -= 1;
  if (readings[at - 1]?.ts === ts || (at === 0 && readings.length >= KEPT)) return null;
  const kept: Kept = { ts, value, since: null };
  const grown = at === readings.length ? [...readings, kept] : readings.toSpliced(at, 0, kept);
  if (grown.length > KEPT) dropOldest(grown, limits);
  return grown;
}

function thin(series: Series, limits: Limits): Series {
  const { readings } = series;
  if (readings.length <= KEPT_WELL || readings.some(({ value }) => sideOf(value, limits) !== null)) return series;
  return { ...series, readings: readings.slice(-KEPT_WELL) };
}

function dropOldest(readings: Kept[], limits: Limits): void {
  const oldest = readings.shift();
  const next = readings[0];
  if (oldest === undefined || next === undefined || next.ts - oldest.ts > GAP_MS) return;
  if (sideOf(oldest.value, limits) === sideOf(next.value, limits)) {
    readings[0] = { ...next, since: oldest.since ?? oldest.ts };
  }
}

/** The readings in a row around the one at `ts` that are `isIn`; null where they are too few to mean anything. */
function findRun(readings: readonly Kept[], ts: number, isIn: (value: number) => boolean): Run | null {
  const middle = readings.findIndex((reading) => reading.ts === ts);
  const isLinked = (earlier: Kept | undefined, later: Kept | undefined): boolean =>
    earlier !== undefined && later !== undefined && later.ts - earlier.ts <= GAP_MS;
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
  return count >= IN_A_ROW || (count > 1 && last.ts - firstTs >= FOR_MS) ? { last, firstTs, count } : null;
}

/**
 * A clock that ran ahead and was set right would otherwise hide everything until its time has come: what lies ahead of now and
 * of this reading is forgotten.
 */
function forgetAhead(series: Series, { ts }: Sample, nowMs: number): Series {
  const horizon = Math.max(ts, nowMs + AHEAD_MS);
  const isAhead = (sample: Sample): boolean => sample.ts > horizon;
  const rangAhead = series.rang !== null && isAhead(series.rang);
  const newest = series.readings.at(-1);
  if (!rangAhead && (newest === undefined || !isAhead(newest))) return series;
  return {
    readings: series.readings.filter((sample) => !isAhead(sample)),
    rang: rangAhead ? null : series.rang,
    isRaised: rangAhead ? false : series.isRaised,
  };
}
