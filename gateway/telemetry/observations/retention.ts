const DAY_MS = 24 * 60 * 60 * 1000;

/** The door takes readings that are 30 days old; a day more for those that waited in a spool. */
export const LATEST_DAYS = 31;

/**
 * How long each class is kept. Readings: `ZHUJI_OBSERVATIONS_DAYS`, never below `LATEST_DAYS` and what it takes to have closed
 * their hours. Hours: two years, so that a winter can be laid beside the last one; chosen.
 */
export const KEPT = { minReadingsDays: 35, readingsDays: 90, hoursDays: 730 } as const;

/** Whole days go: the first moment that is kept. */
export function calcKeptFrom(nowMs: number, days: number): number {
  return Math.floor((nowMs - days * DAY_MS) / DAY_MS) * DAY_MS;
}
