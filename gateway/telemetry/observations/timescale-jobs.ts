import type { Db } from './table.ts';

/** Tells TimescaleDB how long readings are kept; nothing happens where it knows. */
export async function keepReadingsFor(db: Db, days: number): Promise<void> {
  const { rows } = await db.query(
    `select (config ->> 'drop_after')::interval = $1::interval as "isSame" from timescaledb_information.jobs
     where proc_name = 'policy_retention' and hypertable_name = 'observations'`,
    [`${days} days`],
  );
  if ((rows[0] as { isSame: boolean } | undefined)?.isSame === true) return;
  await db.query(`select remove_retention_policy('observations', if_exists => true)`);
  await db.query(`select add_retention_policy('observations', $1::interval)`, [`${days} days`]);
}
