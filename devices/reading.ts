/**
 * What is wrong with a reading, as bits that are stored beside it (column `flags`). None of them drops a reading: it is kept,
 * drawn apart and never scored (design §5).
 */
export const READING_FLAGS = {
  /** The device says that it was not worn. */
  notWorn: 1,
  /** The device says that the signal was poor, or that there was none. */
  poor: 2,
  /** Outside of what a living person can have (`vital-metrics.ts`). */
  implausible: 4,
  /** The device's time was outside of [receipt − 30 d, receipt + 1 h]: stored at the time of receipt. */
  clock: 8,
  /** A metric or a unit that we have no meaning for: the value is as the device sent it. */
  unknownUnit: 16,
} as const;

/** One vital sign as the device meant it: in our unit of the metric (`vital-metrics.ts`). */
export type Reading = {
  readonly metric: string;
  /** Finite. */
  readonly value: number;
  /** The device's clock, epoch milliseconds; unproven. Absent: when it was received. */
  readonly at?: number;
  /** Bits of READING_FLAGS; `clock` is set later, by whoever has a clock. */
  readonly flags: number;
};
