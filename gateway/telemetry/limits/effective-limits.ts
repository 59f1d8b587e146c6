import { findMetric, VITAL_METRICS } from '../../../devices/vital-metrics.ts';
import type { Limit, OwnLimit } from '../../api/contract/limits.ts';
import { findDefault } from './default-limits.ts';
import { findMeasuring, type Measuring } from './measuring.ts';

/** What one series of readings is held against. */
export type Limits = {
  readonly low: number | null;
  readonly high: number | null;
  readonly worse: number;
} & Measuring;

/** A metric without a default is "much worse" by a tenth of what a living person can have (chosen). */
const WORSE_SHARE = 0.1;

/** What counts for a person and a metric; null where nothing is a reason to ring. */
export function findLimits(own: readonly OwnLimit[], metric: string): Limits | null {
  const usual = findDefault(metric);
  const found = own.find((limit) => limit.metric === metric) ?? usual;
  if (found === undefined || (found.low === null && found.high === null)) return null;
  const range = findMetric(metric);
  if (range === undefined) return null;
  return {
    low: found.low,
    high: found.high,
    worse: usual?.worse ?? (range.max - range.min) * WORSE_SHARE,
    ...findMeasuring(metric),
  };
}

/** The same as a list, for whoever looks at a person: own limits and defaults, in the order of our metrics. */
export function listLimits(own: readonly OwnLimit[]): Limit[] {
  return Object.entries(VITAL_METRICS).flatMap(([metric, { unit }]) => {
    const mine = own.find((limit) => limit.metric === metric);
    if (mine !== undefined) return [{ ...mine, unit, source: 'own' }];
    const usual = findDefault(metric);
    return usual === undefined ? [] : [{ metric, low: usual.low, high: usual.high, unit, source: usual.source }];
  });
}
