import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { ResidentErased } from '../api/contract/history.ts';
import { formatIso, type Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import type { OpenIncident } from '../incidents/record.ts';
import { waitAtMost, type Queryable } from '../store/postgres.ts';
import { eraseKeys } from './erase-keys.ts';
import { loadErasedReadings } from './erase-observations.ts';
import { ErasureError, eraseRows, type ErasureCounts } from './erase-rows.ts';

export type EraseDeps = {
  readonly pool: Pool;
  readonly redis: Redis;
  /** Everything written so far is in Postgres when it resolves. */
  readonly catchUp: () => Promise<void>;
  /** All open incidents, as this gateway knows them. */
  readonly open: () => readonly OpenIncident[];
  /** Takes away the readings of whoever was erased, all that was marked before the call. */
  readonly eraseReadings: () => Promise<void>;
  /** Texts are gone from the tables and from Redis: whoever keeps copies lets them go. Never rejects. */
  readonly onErased: () => Promise<void>;
  /** A transaction that changes the register. */
  readonly change: <T>(action: string, work: (db: Queryable) => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type Erase = (order: {
  readonly residentId: string;
  readonly by: string;
  readonly ground: string;
  readonly isDryRun: boolean;
}) => Promise<ResidentErased>;

/** Longest wait for readings, which may be millions; the rest goes behind it. Chosen. */
const READINGS_MS = 20_000;

/** Ends a dry run: whatever was done in its transaction is undone. */
class DryRunEnd extends Error {
  readonly counts: ErasureCounts;

  constructor(counts: ErasureCounts) {
    super('a dry run ends');
    this.counts = counts;
  }
}

/**
 * Erases a person: rows first, with marks that Redis and readings are still to follow, then these; a crash in between is made
 * good by the chores that look for such marks. @throws ErasureError, StoreError, StoreSilentError
 */
export function createErase(deps: EraseDeps): Erase {
  const { open, change, clock, logger } = deps;

  async function tryRows(order: Parameters<typeof eraseRows>[1], isDryRun: boolean): Promise<ErasureCounts> {
    try {
      return await change('erase a person', async (db) => {
        const counts = await eraseRows(db, order);
        if (isDryRun) throw new DryRunEnd(counts);
        return counts;
      });
    } catch (error) {
      if (error instanceof DryRunEnd) return error.counts;
      throw error;
    }
  }

  /** Redis may be away just now; what is marked is removed when it is back. */
  async function tryKeys(): Promise<boolean> {
    try {
      await eraseKeys(deps);
      return true;
    } catch (error) {
      logger.warn({ code: errorCode(error) }, 'an erasure is not finished in redis yet');
      return false;
    }
  }

  /** How many there were; null where they are not all gone yet. */
  async function tryReadings(residentId: string): Promise<number | null> {
    let readings: number | null = null;
    const work = async (): Promise<void> => {
      await deps.eraseReadings();
      readings = await loadErasedReadings(deps.pool, residentId);
    };
    const erasing = work().catch((error: unknown) =>
      logger.warn({ code: errorCode(error) }, 'an erasure is not finished in the observations yet'),
    );
    await waitAtMost(READINGS_MS, erasing);
    return readings;
  }

  return async ({ residentId, by, ground, isDryRun }) => {
    const isTheirs = (incident: OpenIncident): boolean =>
      incident.residentId === residentId || incident.candidates.includes(residentId);
    if (open().some(isTheirs)) throw new ErasureError('open-incident', residentId);
    // What is not yet in the tables would be carried there after the erasure.
    await deps.catchUp();
    const nowMs = clock.nowMs();
    const rows = await tryRows({ residentId, by, ground, nowMs }, isDryRun);
    const [isKeysDone, readings] = isDryRun ? [false, null] : await Promise.all([tryKeys(), tryReadings(residentId)]);
    const isDone = isKeysDone && readings !== null;
    const counts = { ...rows, readings };
    if (!isDryRun) await deps.onErased();
    if (!isDryRun) logger.info({ actor: by, residentId, counts }, 'a person was erased');
    return { residentId, dryRun: isDryRun, erasedAt: isDryRun ? null : formatIso(nowMs), by, ground, isDone, counts };
  };
}
