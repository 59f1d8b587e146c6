import { standOf, type Limit, type Standing } from './limits.ts';
import type { Series } from './series.ts';

/** The newest that may be believed of a line. */
export type Latest = {
  readonly metric: string;
  /** Average of the newest bucket. */
  readonly value: number;
  readonly atMs: number;
  readonly standing: Standing;
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
    metric,
    value: last.avg,
    atMs: last.atMs,
    standing: standOf(last.avg, limit),
    min: Math.min(...points.map(({ min }) => min)),
    max: Math.max(...points.map(({ max }) => max)),
  };
}
