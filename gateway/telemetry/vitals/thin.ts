import { findMetric } from '../../../devices/vital-metrics.ts';
import type { Observation } from '../observation.ts';

/**
 * What a reading is worth where not all can be kept:
 * - `flagged`: it may not be scored anyway (not worn, poor, implausible, wild clock, unknown)
 * - `everyday`: steps, sleep, weight
 * - `vital`: all others
 */
export const WORTHS = ['flagged', 'everyday', 'vital'] as const;
export type Worth = (typeof WORTHS)[number];
export type WorthCounts = Readonly<Record<Worth, number>>;

export const NONE: WorthCounts = { flagged: 0, everyday: 0, vital: 0 };

export function worthOf({ metric, flags }: Pick<Observation, 'metric' | 'flags'>): Worth {
  return flags === 0 ? (findMetric(metric)?.worth ?? 'flagged') : 'flagged';
}

export function countWorths(rows: readonly Observation[]): WorthCounts {
  const counts = { ...NONE };
  for (const row of rows) counts[worthOf(row)] += 1;
  return counts;
}

export function addWorths(a: WorthCounts, b: WorthCounts): WorthCounts {
  return { flagged: a.flagged + b.flagged, everyday: a.everyday + b.everyday, vital: a.vital + b.vital };
}

export function sumWorths({ flagged, everyday, vital }: WorthCounts): number {
  return flagged + everyday + vital;
}
