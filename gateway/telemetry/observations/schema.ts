import { LATEST_DAYS, KEPT } from './retention.ts';
import { COLUMN_TYPES, HOUR_AGGREGATES, HOUR_COLUMNS, ORIGIN, type TableKind } from './table.ts';

/**
 * The one key says what a duplicate is, and is how a person's readings are found: by the devices they wore. An index more
 * would cost as much as writing the row. Rows come nearly in the order of time, so that a block range says where an hour lies.
 */
const INDEXES = [
  'create unique index observations_once on observations (device_id, metric, ts)',
  'create index observations_at on observations using brin (ts) with (pages_per_range = 32, autosummarize = on)',
];

const NATIVE = [
  `create table observations (${COLUMN_TYPES}) partition by range (ts)`,
  ...INDEXES,
  `create table observations_hourly (
     resident_id text,
     device_id text not null,
     metric text not null,
     bucket timestamptz not null,
     min float8, max float8, sum float8, count int8 not null,
     flagged_min float8, flagged_max float8, flagged int8 not null,
     flags int2 not null
   ) partition by range (bucket)`,
  `create unique index observations_hourly_once on observations_hourly
     (device_id, metric, bucket, (coalesce(resident_id, '')))`,
  // Hours before 'done' are in the hour table. Who writes a reading before 'closing' must say that its hour is dirty.
  `create table observations_mark (
     one boolean primary key default true check (one),
     closing timestamptz not null,
     done timestamptz not null,
     check (done <= closing)
   )`,
  `insert into observations_mark (closing, done) values ('-infinity', '-infinity')`,
  `create table observations_dirty (
     device_id text not null,
     metric text not null,
     bucket timestamptz not null,
     primary key (device_id, metric, bucket)
   )`,
  `create view observations_hour as
     select ${HOUR_COLUMNS} from observations_hourly
     union all
     select resident_id, device_id, metric, date_bin('1 hour', ts, '${ORIGIN}') as bucket, ${HOUR_AGGREGATES}
     from observations where ts >= (select done from observations_mark)
     group by 1, 2, 3, 4`,
];

/**
 * Names that TimescaleDB 2.13 has and 2.23 still knows. The columnstore takes days when late readings are rare; it is told the
 * key first, by which duplicates are looked for, then the person, whose readings are found without unpacking others'. How long
 * all is kept and counted again: `timescale-jobs.ts`.
 */
const TIMESCALE = [
  `create table observations (${COLUMN_TYPES})`,
  `select create_hypertable('observations', by_range('ts', interval '1 day'), create_default_indexes => false)`,
  ...INDEXES,
  `alter table observations set (
     timescaledb.compress, timescaledb.compress_segmentby = 'device_id, metric, resident_id', timescaledb.compress_orderby = 'ts')`,
  `select add_compression_policy('observations', interval '${LATEST_DAYS + 1} days')`,
  `create materialized view observations_hour
     with (timescaledb.continuous, timescaledb.materialized_only = false, timescaledb.create_group_indexes = false) as
     select resident_id, device_id, metric, time_bucket('1 hour', ts) as bucket, ${HOUR_AGGREGATES}
     from observations group by 1, 2, 3, 4
     with no data`,
  // One instead of one for each column.
  'create index observations_hour_of on observations_hour (device_id, metric, bucket)',
  `select add_retention_policy('observations_hour', interval '${KEPT.hoursDays} days')`,
];

/** The statements that make the table where there is none, for one transaction. */
export function listSchema(kind: TableKind): readonly string[] {
  return kind === 'native' ? NATIVE : TIMESCALE;
}
