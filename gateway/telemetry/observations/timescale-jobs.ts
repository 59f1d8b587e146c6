import type { Pool } from 'pg';
import { inTransaction, queryRows } from '../../store/postgres.ts';
import { TABLE_LOCK } from './table.ts';

const ACTION = 'set the jobs of TimescaleDB';

/**
 * Tells TimescaleDB how long readings are kept and how far back it counts hours again: as long as all readings of an hour are
 * there, and never where they are gone, which would take their hours away. Nothing happens where it knows. @throws StoreError
 */
export async function keepReadingsFor(pool: Pool, days: number): Promise<void> {
  await inTransaction(pool, ACTION, async (db) => {
    const run = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
    await run('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
    const known = await run<{ isSame: boolean }>(
      `select coalesce(config ->> 'drop_after', config ->> 'start_offset')::interval
           = case proc_name when 'policy_retention' then $1::interval else $2::interval end as "isSame"
       from timescaledb_information.jobs
       where (proc_name, hypertable_name) in
         (('policy_retention', 'observations'), ('policy_refresh_continuous_aggregate', 'observations_hour'))`,
      [`${days} days`, `${days - 1} days`],
    );
    if (known.length === 2 && known.every(({ isSame }) => isSame)) return;
    await run(`select remove_retention_policy('observations', if_exists => true)`);
    await run(`select remove_continuous_aggregate_policy('observations_hour', if_exists => true)`);
    await run(`select add_retention_policy('observations', $1::interval)`, [`${days} days`]);
    await run(
      `select add_continuous_aggregate_policy('observations_hour', start_offset => $1::interval,
         end_offset => interval '1 hour', schedule_interval => interval '10 minutes')`,
      [`${days - 1} days`],
    );
  });
}
