import type { Observations } from '../../../gateway/api/contract/observations.ts';
import type { Point, Series } from '../../../dashboard/vitals/series.ts';
import { iso } from '../build-incident.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export function buildPoint(atMs: number, changes: Partial<Point> = {}): Point {
  const avg = changes.avg ?? 70;
  return { atMs, avg, min: avg, max: avg, count: 1, ...changes };
}

export function buildSeries(changes: Partial<Series> = {}): Series {
  return {
    metric: 'heart-rate',
    unit: '1/min',
    points: [],
    flagged: [],
    bucketMs: 5 * MINUTE,
    gapMs: 10 * MINUTE,
    ...changes,
  };
}

/** What the gateway answers for readings of 70 at these times, in buckets of five minutes. */
export function buildAnswer(beginsMs: readonly number[], changes: Partial<Observations> = {}): Observations {
  return {
    metric: 'heart-rate',
    unit: '1/min',
    bucket: '5m',
    from: iso(beginsMs[0] ?? 0),
    to: iso((beginsMs.at(-1) ?? 0) + 5 * MINUTE),
    points: beginsMs.map((ms) => ({ t: iso(ms), min: 68, avg: 70, max: 75, count: 3 })),
    flagged: [],
    ...changes,
  };
}
