import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { ERASURE_LOCK, HOURS_LOCK, loadTableKind, type TableKind } from '../telemetry/observations/table.ts';
import { liftUnpackingLimit, loadDays, loadHoursTable } from '../telemetry/observations/where-kept.ts';

const ACTION = 'erase observations';
/** By the devices they wore, which is the key. */
const THEIRS = 'device_id = any($1) and resident_id = $2';

/**
 * How many readings a person has, in the transaction of their erasure. From its end on nobody stores one of theirs; those that
 * are there are taken away by `eraseObservations`. @throws StoreError
 */
export async function countObservations(db: Queryable, residentId: string): Promise<number> {
  // Whoever stores readings has stored them before this, or sees the erasure.
  await queryRows(db, ACTION, 'select pg_advisory_xact_lock($1)', [ERASURE_LOCK]);
  const kind = await loadTableKind(db);
  if (kind === null) return 0;
  const deviceIds = await loadWorn(db, residentId);
  let total = 0;
  for (const { fromMs, untilMs } of await loadDays(db, kind)) {
    const [found] = await queryRows<{ count: number }>(
      db,
      ACTION,
      `select count(*)::float8 as count from observations where ${THEIRS} and ts >= $3 and ts < $4`,
      [deviceIds, residentId, formatIso(fromMs), formatIso(untilMs)],
    );
    total += found?.count ?? 0;
  }
  return total;
}

/**
 * Takes away the readings of everybody who was erased, day by day, so that years of them are no long transaction, and then
 * their hours. Done again from the beginning after a crash. Answers how many erasures were finished. @throws StoreError
 */
export async function eraseObservations({ pool }: { readonly pool: Pool }): Promise<number> {
  const due = await queryRows<{ id: string; residentId: string }>(
    pool,
    ACTION,
    'select id, resident_id as "residentId" from erasures where observations_done_at is null order by id',
  );
  for (const { id, residentId } of due) {
    const kind = await loadTableKind(pool);
    if (kind !== null) await eraseAll(pool, kind, residentId);
    await queryRows(pool, ACTION, 'update erasures set observations_done_at = now() where id = $1', [id]);
  }
  return due.length;
}

async function eraseAll(pool: Pool, kind: TableKind, residentId: string): Promise<void> {
  const deviceIds = await loadWorn(pool, residentId);
  for (const { fromMs, untilMs } of await loadDays(pool, kind)) {
    await inTransaction(pool, ACTION, async (db) => {
      if (kind === 'timescale') await liftUnpackingLimit(db);
      await queryRows(db, ACTION, `delete from observations where ${THEIRS} and ts >= $3 and ts < $4`, [
        ...[deviceIds, residentId, formatIso(fromMs), formatIso(untilMs)],
      ]);
    });
  }
  const hours = await loadHoursTable(pool, kind);
  await inTransaction(pool, ACTION, async (db) => {
    // Whoever closes hours, or counts them again, has done so before this or sees that the readings are gone.
    await queryRows(db, ACTION, 'select pg_advisory_xact_lock($1)', [HOURS_LOCK]);
    if (kind === 'timescale') await queryRows(db, ACTION, `lock table ${hours} in share row exclusive mode`);
    await queryRows(db, ACTION, `delete from ${hours} where ${THEIRS}`, [deviceIds, residentId]);
  });
}

async function loadWorn(db: Queryable, residentId: string): Promise<string[]> {
  const worn = await queryRows<{ id: string }>(
    db,
    ACTION,
    'select distinct device_id as id from device_binding_residents where resident_id = $1',
    [residentId],
  );
  return worn.map(({ id }) => id);
}
