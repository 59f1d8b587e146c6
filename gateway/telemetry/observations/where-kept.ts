import { READINGS } from './days.ts';
import { loadParts } from './parts.ts';
import type { Db, TableKind } from './table.ts';

/** Days that have readings, in the order of time; so many rows at once are never too many. */
export async function loadDays(
  db: Db,
  kind: TableKind,
): Promise<readonly { readonly fromMs: number; readonly untilMs: number }[]> {
  if (kind === 'native') return loadParts(db, READINGS);
  const { rows } = await db.query(
    `select (extract(epoch from range_start) * 1000)::float8 as "fromMs", (extract(epoch from range_end) * 1000)::float8 as "untilMs"
     from timescaledb_information.chunks where hypertable_name = 'observations' order by range_start`,
  );
  return rows as { fromMs: number; untilMs: number }[];
}

/** The table behind `observations_hour` that keeps closed hours, also those whose readings are gone; as SQL names it. */
export async function loadHoursTable(db: Db, kind: TableKind): Promise<string> {
  if (kind === 'native') return 'observations_hourly';
  const { rows } = await db.query(
    `select format('%I.%I', materialization_hypertable_schema, materialization_hypertable_name) as name
     from timescaledb_information.continuous_aggregates where view_name = 'observations_hour'`,
  );
  const [found] = rows as { name: string }[];
  if (found === undefined) throw new Error('The table of observations has no hours');
  return found.name;
}

const LIMIT = 'timescaledb.max_tuples_decompressed_per_dml_transaction';

/**
 * What is changed in the columnstore is unpacked first, and TimescaleDB refuses that beyond 100,000 rows of one transaction: a
 * week of one wearable. Lifted for the transaction that is running; versions that have no such limit are left alone.
 */
export async function liftUnpackingLimit(db: Db): Promise<void> {
  await db.query(`select set_config($1, '0', true) where current_setting($1, true) is not null`, [LIMIT]);
}
