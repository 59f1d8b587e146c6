import type { Pool } from 'pg';
import { inTransaction, queryRows } from '../../store/postgres.ts';
import { TABLE_LOCK } from './table.ts';

const ACTION = 'set the jobs of TimescaleDB';
/** Key in `settings`: before that moment readings may be gone, by a shorter keeping that was set then. */
const GONE_BEFORE = 'readings-gone-before';

/**
 * Tells TimescaleDB how long readings are kept and how far back it counts hours again: as long as all readings of an hour are
 * there, and never where they are gone, which would take their hours away. Who raises `days` brings no readings back: then it
 * counts as far back as before, a day more with each day that passes, so this is to be called again daily. Nothing happens
 * where it knows. @throws StoreError
 */
export async function keepReadingsFor(pool: Pool, days: number): Promise<void> {
  await inTransaction(pool, ACTION, async (db) => {
    const run = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
    await run('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
    await run(
      `insert into settings (key, value)
       select $1, to_jsonb(now() - (config ->> 'drop_after')::interval) from timescaledb_information.jobs
       where proc_name = 'policy_retention' and hypertable_name = 'observations'
         and (config ->> 'drop_after')::interval <> $2::interval
       on conflict (key) do update set value = excluded.value
         where (settings.value #>> '{}')::timestamptz < (excluded.value #>> '{}')::timestamptz`,
      [GONE_BEFORE, `${days} days`],
    );
    const [gone] = await run<{ days: number }>(
      `select floor(extract(epoch from now() - (value #>> '{}')::timestamptz) / 86400)::float8 as days
       from settings where key = $1`,
      [GONE_BEFORE],
    );
    const againDays = Math.min(days - 1, gone?.days ?? Infinity);
    const known = await run<{ isSame: boolean }>(
      `select coalesce(config ->> 'drop_after', config ->> 'start_offset')::interval
           = case proc_name when 'policy_retention' then $1::interval else $2::interval end as "isSame"
       from timescaledb_information.jobs
       where (proc_name, hypertable_name) in
         (('policy_retention', 'observations'), ('policy_refresh_continuous_aggregate', 'observations_hour'))`,
      [`${days} days`, `${againDays} days`],
    );
    if (known.length === 2 && known.every(({ isSame }) => isSame)) return;
    await run(`select remove_retention_policy('observations', if_exists => true)`);
    await run(`select remove_continuous_aggregate_policy('observations_hour', if_exists => true)`);
    await run(`select add_retention_policy('observations', $1::interval)`, [`${days} days`]);
    await run(
      `select add_continuous_aggregate_policy('observations_hour', start_offset => $1::interval,
         end_offset => interval '1 hour', schedule_interval => interval '10 minutes')`,
      [`${againDays} days`],
    );
  });
}
