import type { VITAL_METRICS } from '../../../devices/vital-metrics.ts';

/** How a metric is measured in daily life, which says what a row of readings is. All chosen. */
export type Measuring = {
  /** Readings further apart than this are not in a row. */
  readonly gapMs: number;
  /**
   * Beyond this one reading rings, where it stands alone: somebody measured now and then, and may not measure again. Null: as
   * every sensor that is worn errs now and then, it takes a second one.
   */
  readonly far: { readonly low: number | null; readonly high: number | null } | null;
};

const MINUTE_MS = 60_000;
/** Worn: watches take some of these every hour, and miss one now and then. */
const OFTEN = { gapMs: 130 * MINUTE_MS, far: null };
/** A cuff, a drop of blood, a thermometer, scales: once a day, not always at the same hour. */
const DAILY_MS = 26 * 60 * MINUTE_MS;

export const MEASURING = {
  'heart-rate': OFTEN,
  spo2: OFTEN,
  'respiratory-rate': OFTEN,
  systolic: { gapMs: DAILY_MS, far: { low: 70, high: 250 } },
  diastolic: { gapMs: DAILY_MS, far: { low: 30, high: 140 } },
  // A sensor that was just put on is cold: too little is no reason without a second reading.
  temperature: { gapMs: DAILY_MS, far: { low: null, high: 41 } },
  // Whoever is at 2.5 cannot help themselves much longer.
  glucose: { gapMs: DAILY_MS, far: { low: 2.5, high: 30 } },
  weight: { gapMs: DAILY_MS, far: null },
  steps: { gapMs: DAILY_MS, far: null },
  'sleep-minutes': { gapMs: DAILY_MS, far: null },
} as const satisfies Record<keyof typeof VITAL_METRICS, Measuring>;

const BY_METRIC: ReadonlyMap<string, Measuring> = new Map(Object.entries(MEASURING));

/** A metric that nobody knows is taken for one that is worn. */
export function findMeasuring(metric: string): Measuring {
  return BY_METRIC.get(metric) ?? OFTEN;
}
