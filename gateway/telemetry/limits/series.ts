import type { Limits } from './effective-limits.ts';
import { findRun, insertReading, sideOf, type Kept, type Run, type Sample, type Side } from './readings.ts';

const MINUTE_MS = 60_000;

/** What rang rings again after this where it has lasted without one reading that was well. Chosen. */
export const AGAIN_AFTER_MS = 30 * MINUTE_MS;
/** Where it wavers around the limit, the pause doubles with each ring, up to this. Chosen. */
export const MOST_PAUSE_MS = 120 * MINUTE_MS;
/** Well for so long, it is back. Chosen: longer than the pauses in breathing of a bad night, about 90 s apart. */
export const BACK_AFTER_MS = 5 * MINUTE_MS;
/** Well for so long, what rang before is forgotten, and what comes is another matter. Chosen. */
export const CALM_AFTER_MS = 60 * MINUTE_MS;
/** A device's clock was set back where what it said before lies so far ahead of now. Design §4 Identity, "5 min after". */
export const AHEAD_MS = 5 * MINUTE_MS;

/** What has rung on one side since it was last well for long. */
type Told = {
  /** The last reading of the newest ring. */
  readonly ts: number;
  readonly limit: number;
  /** The furthest beyond of what was told. */
  readonly worst: number;
  readonly rings: number;
};

/** The readings of one metric of one device and person, oldest first, and how things stand. Immutable. */
export type Series = {
  readonly readings: readonly Kept[];
  readonly told: Readonly<Record<Side, Told | null>>;
  /** This side rang last, and it has not been back since. */
  readonly raised: Side | null;
};

const NOTHING_TOLD = { low: null, high: null };
export const EMPTY_SERIES: Series = { readings: [], told: NOTHING_TOLD, raised: null };

/** `beyond` asks for a person, `back` is a note that it is well again. */
export type Verdict = Sample & {
  readonly kind: 'beyond' | 'back';
  readonly side: Side;
  readonly limit: number;
  readonly forMs: number;
};

type Taken = { readonly series: Series; readonly verdict: Verdict | null };

/**
 * Takes one reading that counts and says whether it rings. Pure; `nowMs` is when it was received. Three in a row ring, in
 * whatever order they come, unless this side has rung of late: then only what is much worse, lasts, or comes after the pause.
 */
export function takeReading(before: Series, sample: Sample, limits: Limits, nowMs: number): Taken {
  const current = forgetAhead(before, sample, nowMs);
  const readings = insertReading(current.readings, sample, limits);
  if (readings === null) return { series: current, verdict: null };
  const series = { ...current, readings };
  const side = sideOf(sample.value, limits);
  const run = findRun(readings, sample.ts, limits, (value) => sideOf(value, limits) === side);
  if (run === null) return { series, verdict: null };
  if (side === null) return takeWell(series, run);
  const isWorse = (worst: number): boolean =>
    findRun(readings, sample.ts, limits, (value) =>
      side === 'low' ? value <= worst - limits.worse : value >= worst + limits.worse,
    ) !== null;
  return ringsNow(series.told[side], run, isWorse) ? ring(series, side, run, limits) : { series, verdict: null };
}

/**
 * The same verdict as it is by now, where more readings came that stand in a row with it.
 */
export function renew(series: Series, verdict: Verdict, limits: Limits): { series: Series; verdict: Verdict } {
  const newest = series.readings.at(-1);
  const { side } = verdict;
  const told = series.told[side];
  const run =
    newest === undefined
      ? null
      : findRun(series.readings, newest.ts, limits, (value) => sideOf(value, limits) === side);
  if (told === null || run === null || run.firstTs > verdict.ts || run.last.ts <= verdict.ts)
    return { series, verdict };
  const worst = further(side, told.worst, run.last.value);
  return {
    series: { ...series, told: { ...series.told, [side]: { ...told, ts: run.last.ts, worst } } },
    verdict: verdictOf('beyond', run, side, verdict.limit),
  };
}

/** As if nothing had rung since `before`: what rang could not be kept, or was over before anybody was told. */
export function untell(series: Series, before: Series): Series {
  return { ...series, told: before.told, raised: before.raised };
}

function takeWell(series: Series, run: Run): Taken {
  const wellMs = run.last.ts - run.firstTs;
  const { raised } = series;
  const told = raised === null ? null : series.told[raised];
  const isBack = told !== null && run.firstTs > told.ts && wellMs >= BACK_AFTER_MS;
  const verdict = isBack && raised !== null ? verdictOf('back', run, raised, told.limit) : null;
  return {
    series: {
      ...series,
      told: wellMs >= CALM_AFTER_MS && isAfterAll(series, run) ? NOTHING_TOLD : series.told,
      raised: isBack ? null : raised,
    },
    verdict,
  };
}

/** What was well before something rang, and comes late, ends nothing. */
function isAfterAll({ told }: Series, run: Run): boolean {
  return run.firstTs > Math.max(told.low?.ts ?? -Infinity, told.high?.ts ?? -Infinity);
}

function ringsNow(told: Told | null, run: Run, isWorse: (worst: number) => boolean): boolean {
  if (told === null) return true;
  const quietMs = run.last.ts - told.ts;
  // Not again for the same readings.
  if (quietMs <= 0) return false;
  const hasLasted = Math.min(quietMs, run.last.ts - run.firstTs) >= AGAIN_AFTER_MS;
  const pauseMs = Math.min(MOST_PAUSE_MS, AGAIN_AFTER_MS * 2 ** (told.rings - 1));
  return hasLasted || quietMs >= pauseMs || isWorse(told.worst);
}

function ring(series: Series, side: Side, run: Run, limits: Limits): Taken {
  const before = series.told[side];
  const { ts, value } = run.last;
  const limit = limits[side] ?? value;
  const worst = before === null ? value : further(side, before.worst, value);
  const told = { ts, limit, worst, rings: (before?.rings ?? 0) + 1 };
  return {
    series: { ...series, told: { ...series.told, [side]: told }, raised: side },
    verdict: verdictOf('beyond', run, side, limit),
  };
}

function further(side: Side, one: number, other: number): number {
  return side === 'low' ? Math.min(one, other) : Math.max(one, other);
}

function verdictOf(kind: Verdict['kind'], { last, firstTs }: Run, side: Side, limit: number): Verdict {
  return { kind, side, limit, ts: last.ts, value: last.value, forMs: last.ts - firstTs };
}

/**
 * A clock that ran ahead and was set right would otherwise hide everything until its time has come: what lies ahead of now and
 * of this reading is forgotten.
 */
function forgetAhead(series: Series, { ts }: Sample, nowMs: number): Series {
  const horizon = Math.max(ts, nowMs + AHEAD_MS);
  const isAhead = (moment: { readonly ts: number } | null | undefined): boolean =>
    moment != null && moment.ts > horizon;
  const { readings, told, raised } = series;
  if (!isAhead(told.low) && !isAhead(told.high) && !isAhead(readings.at(-1))) return series;
  return {
    readings: readings.filter((sample) => !isAhead(sample)),
    told: { low: isAhead(told.low) ? null : told.low, high: isAhead(told.high) ? null : told.high },
    raised: raised !== null && isAhead(told[raised]) ? null : raised,
  };
}
