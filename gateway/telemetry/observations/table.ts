/** Any fixed numbers: who makes or drops the table or its days, and who closes hours, is alone in it over all gateways. */
export const TABLE_LOCK = 7_480_002;
export const HOURS_LOCK = 7_480_003;
/** Held by whoever takes parts away, which may take as long as the longest reader reads: nobody who makes parts waits for it. */
export const DROP_LOCK = 7_480_005;
/** Shared by whoever stores readings, alone for whoever erases a person: what is stored later knows of the erasure. */
export const ERASURE_LOCK = 7_480_004;

/** Buckets begin at multiples from here, a Monday. An hour is the same hour from any whole hour. */
export const ORIGIN = '2000-01-03T00:00:00Z';

/** In the order of the lane's COPY. */
export const COLUMNS = 'device_id, resident_id, ts, metric, value, flags, received_at';

export const COLUMN_TYPES = `
  device_id text not null,
  resident_id text,
  ts timestamptz not null,
  metric text not null,
  value float8 not null,
  flags int2 not null default 0,
  received_at timestamptz not null`;

/**
 * What an hour says of its readings. Sum and count instead of an average, so that hours can be put together; what is flagged
 * stands apart and is in none of them.
 */
export const HOUR_AGGREGATES = `
  min(value) filter (where flags = 0) as min,
  max(value) filter (where flags = 0) as max,
  sum(value) filter (where flags = 0) as sum,
  count(*) filter (where flags = 0) as count,
  min(value) filter (where flags <> 0) as flagged_min,
  max(value) filter (where flags <> 0) as flagged_max,
  count(*) filter (where flags <> 0) as flagged,
  bit_or(flags) as flags`;

/** The columns of the hour table and of the view, on either server. */
export const HOUR_COLUMNS =
  'resident_id, device_id, metric, bucket, min, max, sum, count, flagged_min, flagged_max, flagged, flags';

/**
 * - `timescale`: hypertable, columnstore, continuous aggregate and its own jobs
 * - `native`: partitions by day, and an hour table that the gateway closes
 */
export type TableKind = 'timescale' | 'native';

/** What runs a statement, as `pg` does it. */
export type Db = {
  readonly query: (text: string, values?: unknown[]) => Promise<{ readonly rows: unknown[] }>;
};

/** Null while there is no table. */
export async function loadTableKind(db: Db): Promise<TableKind | null> {
  const { rows } = await db.query(`select relkind::text as kind from pg_class where oid = to_regclass('observations')`);
  const [found] = rows as { kind: string }[];
  if (found === undefined) return null;
  return found.kind === 'p' ? 'native' : 'timescale';
}
