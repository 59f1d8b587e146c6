import type { Observation } from '../observation.ts';
import { ERASURE_LOCK } from './table.ts';
import type { WriterClient } from './writer-port.ts';

/**
 * Leaves out readings of people who were erased: what waited in a spool meanwhile, and what a device sends later about the time
 * when they wore it. In the writer's transaction, which holds until its end what an erasure waits for: either the erasure sees
 * the rows, or the writer sees the erasure. Made anew for each connection, as the table is: behind another one may be another
 * database.
 */
export function createErasedFilter(): (
  client: WriterClient,
  rows: readonly Observation[],
) => Promise<readonly Observation[]> {
  const erased = new Set<string>();
  /** Erasures come one after the other, and so do their numbers. */
  let newest = '0';
  return async (client, rows) => {
    await client.query('select pg_advisory_xact_lock_shared($1)', [ERASURE_LOCK]);
    const { rows: found } = await client.query(
      'select id::text, resident_id as "residentId" from erasures where id > $1 order by id',
      [newest],
    );
    for (const { id, residentId } of found as { id: string; residentId: string }[]) {
      erased.add(residentId);
      newest = id;
    }
    return rows.filter(({ residentId }) => residentId === null || !erased.has(residentId));
  };
}
