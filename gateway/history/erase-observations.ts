import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import { coalesce } from '../registry/coalesce.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { ERASURE_LOCK, HOURS_LOCK, loadTableKind, type TableKind } from '../telemetry/observations/table.ts';
import { loadWorn } from '../telemetry/observations/load-worn.ts';
import { liftUnpackingLimit, loadDays, loadHoursTable } from '../telemetry/observations/where-kept.ts';

const ACTION = 'erase observations';
/** So much goes at once: each reading may lie in a block of its own, and a statement has seconds. Chosen. */
const PIECE_MS = 3_600_000;
/** By the devices they wore, which is the key. */
const THEIRS = 'device_id = any($1) and resident_id = $2';

/**
 * In the transaction of an erasure, as its last step: from its end on nobody stores a reading of theirs. Those that are there are
 * neither looked at nor counted, since there may be millions all over the disk: `eraseObservations` does that. @throws StoreError
 */
export async function endStoring(db: Queryable): Promise<void> {
  // Whoever stores readings has stored them before this, or sees the erasure.
  await queryRows(db, ACTION, 'select pg_advisory_xact_lock($1)', [ERASURE_LOCK]);
}

/**
 * Takes away the readings of everybody who was erased, hour by hour, so that years of them are no long transaction, and then
 * their hours. Goes on after a crash. How many there were stands in `counts` of the erasure, as far as they are gone. Answers how
 * many erasures were finished. @throws StoreError
 */
export async function eraseObservations({ pool }: { readonly pool: Pool }): Promise<number> {
  const due = await queryRows<{ id: string; residentId: string }>(
    pool,
    ACTION,
    'select id, resident_id as "residentId" from erasures where observations_done_at is null order by id',
  );
  for (const { id, residentId } of due) {
    const kind = await loadTableKind(pool);
    if (kind !== null) await eraseAll(pool, kind, { id, residentId });
    await addCount(pool, id, 0);
    await queryRows(pool, ACTION, 'update erasures set observations_done_at = now() where id = $1', [id]);
  }
  return due.length;
}

/**
 * The same for whoever asks, one at a time: an erasure, and the chore that finishes what a crash has left, would go through the
 * same readings side by side.
 */
export function createEraseReadings(pool: Pool): () => Promise<void> {
  return coalesce(async () => {
    await eraseObservations({ pool });
  });
}

/** How many readings the last erasure of a person took away; null while it is not finished. @throws StoreError */
export async function loadErasedReadings(db: Queryable, residentId: string): Promise<number | null> {
  const [last] = await queryRows<{ readings: number | null }>(
    db,
    ACTION,
    `select case when observations_done_at is not null then (counts::jsonb ->> 'readings')::float8 end as readings
     from erasures where resident_id = $1 order by id desc limit 1`,
    [residentId],
  );
  return last?.readings ?? null;
}

type Erasure = { readonly id: string; readonly residentId: string };

async function eraseAll(pool: Pool, kind: TableKind, erasure: Erasure): Promise<void> {
  const { residentId } = erasure;
  const deviceIds = await loadWorn(pool, residentId);
  for (const { fromMs, untilMs } of await loadDays(pool, kind)) {
    const span = [formatIso(fromMs), formatIso(untilMs)];
    const some = 'select 1 from observations where device_id = any($1) and ts >= $2 and ts < $3 limit 1';
    if ((await queryRows(pool, ACTION, some, [deviceIds, ...span])).length === 0) continue;
    for (let pieceMs = fromMs; pieceMs < untilMs; pieceMs += PIECE_MS) {
      await erasePiece(pool, kind, erasure, [deviceIds, residentId, formatIso(pieceMs), formatIso(pieceMs + PIECE_MS)]);
    }
  }
  const hours = await loadHoursTable(pool, kind);
  await inTransaction(pool, ACTION, async (db) => {
    // Whoever closes hours, or counts them again, has done so before this or sees that the readings are gone.
    await queryRows(db, ACTION, 'select pg_advisory_xact_lock($1)', [HOURS_LOCK]);
    if (kind === 'timescale') await queryRows(db, ACTION, `lock table ${hours} in share row exclusive mode`);
    await queryRows(db, ACTION, `delete from ${hours} where ${THEIRS}`, [deviceIds, residentId]);
  });
}

async function erasePiece(pool: Pool, kind: TableKind, { id }: Erasure, values: readonly unknown[]): Promise<void> {
  await inTransaction(pool, ACTION, async (db) => {
    if (kind === 'timescale') await liftUnpackingLimit(db);
    const [gone] = await queryRows<{ count: number }>(
      db,
      ACTION,
      `with gone as (delete from observations where ${THEIRS} and ts >= $3 and ts < $4 returning 1)
       select count(*)::float8 as count from gone`,
      values,
    );
    if (gone !== undefined && gone.count > 0) await addCount(db, id, gone.count);
  });
}

async function addCount(db: Queryable, id: string, count: number): Promise<void> {
  await queryRows(
    db,
    ACTION,
    `update erasures set counts = (counts::jsonb || jsonb_build_object(
       'readings', coalesce((counts::jsonb ->> 'readings')::int8, 0) + $2::int8))::text
     where id = $1`,
    [id, count],
  );
}
