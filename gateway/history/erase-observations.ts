import { queryRows, type Queryable } from '../store/postgres.ts';
import { HOURS_LOCK, loadTableKind } from '../telemetry/observations/table.ts';

const ACTION = 'erase observations';
const WORN = 'select device_id from device_binding_residents where resident_id = $1';

/** A person's readings and their hours, in the transaction of the erasure; answers how many readings went. @throws StoreError */
export async function eraseObservations(db: Queryable, residentId: string): Promise<number> {
  const kind = await loadTableKind(db);
  if (kind === null) return 0;
  // Whoever closes hours just now would bring them back.
  await queryRows(db, ACTION, 'select pg_advisory_xact_lock($1)', [HOURS_LOCK]);
  const [gone] = await queryRows<{ count: number }>(
    db,
    ACTION,
    `with gone as (delete from observations where device_id in (${WORN}) and resident_id = $1 returning 1)
     select count(*)::float8 as count from gone`,
    [residentId],
  );
  if (kind === 'native') {
    await queryRows(db, ACTION, `delete from observations_hourly where device_id in (${WORN}) and resident_id = $1`, [
      residentId,
    ]);
  }
  return gone?.count ?? 0;
}
