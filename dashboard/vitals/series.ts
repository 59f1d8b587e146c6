import type { Observations } from '../../gateway/api/contract/observations.ts';
import { BUCKET_MS, type Bounds } from './span.ts';

/** A bucket's readings that may be scored. `atMs`: its middle, never behind the end of what is shown. */
export type Point = {
  readonly atMs: number;
  readonly min: number;
  readonly avg: number;
  readonly max: number;
  readonly count: number;
};

/** A bucket's readings that may not: the sensor was wrong. */
export type Flagged = {
  readonly atMs: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly flags: readonly string[];
};

/** One line of the chart. */
export type Series = {
  readonly metric: string;
  readonly unit: string | null;
  readonly points: readonly Point[];
  readonly flagged: readonly Flagged[];
  /** Of each point; the newest may be shorter, it ends now. */
  readonly bucketMs: number;
  /** Two points further apart than this are not joined. */
  readonly gapMs: number;
};

/** Nothing is joined over more than this, however seldom somebody measures (chosen). */
const LONGEST_JOINED_MS = 60 * 60_000;

export function readSeries(answer: Observations, { toMs }: Bounds): Series {
  const bucketMs = BUCKET_MS[answer.bucket];
  const middle = (t: string): number => {
    const beginsMs = Date.parse(t);
    return beginsMs + Math.max(0, Math.min(bucketMs, toMs - beginsMs)) / 2;
  };
  const points = answer.points.map(({ t, ...values }) => ({ atMs: middle(t), ...values }));
  const flagged = answer.flagged.map(({ t, ...values }) => ({ atMs: middle(t), ...values }));
  return { metric: answer.metric, unit: answer.unit, points, flagged, bucketMs, gapMs: calcGapMs(points, bucketMs) };
}

/**
 * A device that measures every seven or ten minutes leaves single buckets of five empty: that is no gap. Where none was due,
 * how often this metric usually comes counts; a bucket of an hour or more without any reading always is a gap.
 */
function calcGapMs(points: readonly Point[], bucketMs: number): number {
  const steps = points
    .slice(1)
    .map(({ atMs }, before) => atMs - (points[before]?.atMs ?? atMs))
    .toSorted((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)] ?? 0;
  const mayMiss = bucketMs < LONGEST_JOINED_MS ? 2.5 : 1.5;
  return Math.max(mayMiss * bucketMs, Math.min(3 * usual, LONGEST_JOINED_MS));
}

export type Columns = {
  /** Epoch seconds, rising. */
  readonly xs: readonly number[];
  /** For each series avg, min, max. Null: a gap; undefined: another line's moment. */
  readonly lines: readonly {
    readonly avg: readonly (number | null | undefined)[];
    readonly min: readonly (number | null | undefined)[];
    readonly max: readonly (number | null | undefined)[];
  }[];
};

/** All lines of a strip over one common time axis. */
export function joinSeries(series: readonly Series[]): Columns {
  const rows = series.map((one) => withGaps(one));
  const times = [...new Set(rows.flatMap((row) => [...row.keys()]))].toSorted((a, b) => a - b);
  const column = (row: ReadonlyMap<number, Point | null>, pick: (point: Point) => number) =>
    times.map((time) => {
      const point = row.get(time);
      return point === undefined || point === null ? point : pick(point);
    });
  return {
    xs: times.map((ms) => ms / 1000),
    lines: rows.map((row) => ({
      avg: column(row, ({ avg }) => avg),
      min: column(row, ({ min }) => min),
      max: column(row, ({ max }) => max),
    })),
  };
}

function withGaps({ points, gapMs }: Series): Map<number, Point | null> {
  const row = new Map<number, Point | null>();
  let before: Point | null = null;
  for (const point of points) {
    if (before !== null && point.atMs - before.atMs > gapMs) row.set((before.atMs + point.atMs) / 2, null);
    row.set(point.atMs, point);
    before = point;
  }
  return row;
}

/** Points that no line reaches: they are marked, or nobody would see them. */
export function listAlone({ points, gapMs }: Series): Point[] {
  return points.filter((point, index) => {
    const before = points[index - 1];
    const after = points[index + 1];
    const isJoined = (other: Point | undefined): boolean =>
      other !== undefined && Math.abs(point.atMs - other.atMs) <= gapMs;
    return !isJoined(before) && !isJoined(after);
  });
}

/** The point of the bucket under the cursor; null where there is none. */
export function findNear({ points, gapMs }: Series, atMs: number): Point | null {
  let best: Point | null = null;
  for (const point of points) {
    const isNearer = best === null || Math.abs(point.atMs - atMs) < Math.abs(best.atMs - atMs);
    if (Math.abs(point.atMs - atMs) <= gapMs / 2 && isNearer) best = point;
  }
  return best;
}

/**
 * What is drawn of readings that may not be scored: in narrow buckets each; in wide ones, of which nearly every one has some, those
 * in which there was nothing else. The table counts them all.
 */
export function listCrosses({ points, flagged, bucketMs }: Series): readonly Flagged[] {
  if (bucketMs < LONGEST_JOINED_MS) return flagged;
  const scored = new Set(points.map(({ atMs }) => atMs));
  return flagged.filter(({ atMs }) => !scored.has(atMs));
}
