import type { ObservationsTable } from '../../../../gateway/telemetry/observations/writer-port.ts';

/** A table without days, for tests of the lane alone. */
export const PLAIN_SCHEMA = `
  create table if not exists plain_observations (
    device_id text not null, resident_id text, ts timestamptz not null, metric text not null check (metric <> 'poison'),
    value float8 not null, flags int2 not null, received_at timestamptz not null,
    unique (device_id, metric, ts));
  create table if not exists spool_cursor (spool text primary key, position int8 not null)`;

const COLUMNS = '(device_id, resident_id, ts, metric, value, flags, received_at)';

export function createWriterTable(): ObservationsTable {
  return {
    keptFrom: () => Promise.resolve(-Infinity),
    ensureDays: () => Promise.resolve(),
    beforeRows: (_client, rows) => Promise.resolve(rows),
    copy: `copy plain_observations ${COLUMNS} from stdin with (format binary)`,
    makeStaging: 'create temporary table if not exists plain_staging (like plain_observations) on commit delete rows',
    copyStaging: `copy plain_staging ${COLUMNS} from stdin with (format binary)`,
    mergeStaging: `insert into plain_observations ${COLUMNS}
      select device_id, resident_id, ts, metric, value, flags, received_at from plain_staging on conflict do nothing`,
  };
}
