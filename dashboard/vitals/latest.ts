import { standOf, type Limit, type Standing } from './limits.ts';
import type { Series } from './series.ts';

/** The newest that may be believed of a line: what its newest bucket says. */
export type Latest = {
  readonly atMs: number;
  /** The bucket's farthest readings that lie beyond a limit, at most one a side; an average hides them. */
  readonly beyond: readonly { readonly standing: Exclude<Standing, 'within'>; readonly value: number }[];
  /** Of the bucket. */
  readonly value: number;
  /** Whether `value` stands for several readings that differ: then nobody has measured it, and it must say so. */
  readonly isAverage: boolean;
  /** The farthest readings on each side in the span. */
  readonly min: number;
  readonly max: number;
};

/** Null where nothing may be scored. */
export function calcLatest({ metric, points }: Series, limits: readonly Limit[]): Latest | null {
  const last = points.at(-1);
  if (last === undefined) return null;
  const limit = limits.find((one) => one.metric === metric);
  return {
    atMs: last.atMs,
    beyond: [
      ...(standOf(last.min, limit) === 'low' ? [{ standing: 'low' as const, value: last.min }] : []),
      ...(standOf(last.max, limit) === 'high' ? [{ standing: 'high' as const, value: last.max }] : []),
    ],
    value: last.avg,
    isAverage: last.min !== last.max,
    min: Math.min(...points.map(({ min }) => min)),
    max: Math.max(...points.map(({ max }) => max)),
  };
}

const MINUTE_MS = 60_000;
const UNITS = [
  ['days', 24 * 60 * MINUTE_MS],
  ['hours', 60 * MINUTE_MS],
  ['minutes', MINUTE_MS],
] as const;

/** How wide a bucket is, in the unit in which people say it. */
export function sayWidth(bucketMs: number): { readonly unit: (typeof UNITS)[number][0]; readonly n: number } {
  const [unit, ms] = UNITS.find(([, each]) => bucketMs >= each) ?? UNITS[2];
  return { unit, n: bucketMs / ms };
}
