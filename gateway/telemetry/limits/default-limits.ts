import type { VITAL_METRICS } from '../../../devices/vital-metrics.ts';

/** What is well where nothing else was recorded for a person; ends included, in the metric's unit; null: no limit. */
export type DefaultLimit = {
  readonly low: number | null;
  readonly high: number | null;
  /** Where the ends come from. */
  readonly source: string;
  /** Beyond an end by so much more than when it last rang, it rings again. Chosen, about one band of a score. */
  readonly worse: number;
};

/**
 * National Early Warning Score 2, Royal College of Physicians, London 2017, chart 1: an end is the last value outside of the
 * band of 3 points (SpO2 by scale 1; temperature has 2 points above, which is its highest). Scale 2, for those who
 * breathe with too little, belongs to a person: record limits of their own.
 */
const NEWS2 = 'NEWS2 2017';

/** By metric. What is not here has no limit of its own accord: weight, steps and sleep ask for no haste. */
export const DEFAULT_LIMITS = {
  'heart-rate': { low: 41, high: 130, source: NEWS2, worse: 20 },
  spo2: { low: 92, high: null, source: NEWS2, worse: 4 },
  systolic: { low: 91, high: 219, source: NEWS2, worse: 20 },
  diastolic: { low: 40, high: 120, source: 'chosen', worse: 15 },
  temperature: { low: 35.1, high: 39, source: NEWS2, worse: 1 },
  'respiratory-rate': { low: 9, high: 24, source: NEWS2, worse: 5 },
  glucose: { low: 3, high: 20, source: 'chosen', worse: 1 },
} as const satisfies Partial<Record<keyof typeof VITAL_METRICS, DefaultLimit>>;

const BY_METRIC: ReadonlyMap<string, DefaultLimit> = new Map(Object.entries(DEFAULT_LIMITS));

export function findDefault(metric: string): DefaultLimit | undefined {
  return BY_METRIC.get(metric);
}
