import type { Db } from './table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The door takes readings that are 30 days old; a day more for those that waited in a spool. */
export const LATEST_DAYS = 31;

/**
 * How long each class is kept, in days. Readings: `ZHUJI_VITALS_RETENTION_DAYS`, never below `LATEST_DAYS` and what it takes to
 * have closed their hours, never above the hours, which answer for them over long spans. Hours: two years, so that a winter can
 * be laid beside the last one; chosen.
 */
export const KEPT = { minReadingsDays: 35, readingsDays: 90, hoursDays: 730 } as const;

/** Whole days go: the first moment that is kept. */
export function calcKeptFrom(nowMs: number, days: number): number {
  return Math.floor((nowMs - days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** The earlier of our clock and the database's: one that is wrong must not let go what is not old. @throws what `pg` throws */
export async function loadNow(db: Db, ownMs: number): Promise<number> {
  const { rows } = await db.query('select (extract(epoch from now()) * 1000)::float8 as ms');
  return Math.min(ownMs, (rows as { ms: number }[])[0]?.ms ?? Infinity);
}
