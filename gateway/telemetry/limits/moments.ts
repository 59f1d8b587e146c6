import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Observation } from '../observation.ts';

/**
 * What a device measured of a metric within this, and sent in one message, is one measurement: raw samples of a sensor, which err
 * together. Chosen; the vitals lane moves those that share one time apart by milliseconds (`vitals/recent.ts`).
 */
export const MOMENT_MS = 1_000;

/** Whether a reading is held against limits: whose only fault is its time is. Promise P2, "wrong clock: still an alarm". */
export function isScored({ flags }: Pick<Observation, 'flags'>): boolean {
  return (flags & ~READING_FLAGS.clock) === 0;
}

/**
 * Of the readings of one message, in the order of measuring, the one of each moment and metric that stands for all: the last
 * that can be scored, else the last. Each metric stays in its order. Pure.
 */
export function pickMoments(readings: readonly Observation[]): readonly Observation[] {
  if (readings.length < 2) return readings;
  const picked: Observation[] = [];
  /** When the newest moment of each metric began, and where in `picked` it stands. */
  const newest = new Map<string, { readonly sinceTs: number; readonly at: number }>();
  for (const reading of readings) {
    const moment = newest.get(reading.metric);
    if (moment === undefined || reading.ts - moment.sinceTs >= MOMENT_MS) {
      newest.set(reading.metric, { sinceTs: reading.ts, at: picked.length });
      picked.push(reading);
      continue;
    }
    const before = picked[moment.at];
    if (before === undefined || isScored(reading) || !isScored(before)) picked[moment.at] = reading;
  }
  return picked;
}
