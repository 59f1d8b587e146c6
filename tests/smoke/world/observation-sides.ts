import type { Pool } from 'pg';
import { formatIso } from '../../../gateway/clock.ts';
import { eraseObservations, loadErasedReadings } from '../../../gateway/history/erase-observations.ts';
import { eraseRows } from '../../../gateway/history/erase-rows.ts';
import { createPool, inTransaction } from '../../../gateway/store/postgres.ts';
import type { Observation } from '../../../gateway/telemetry/observation.ts';
import { closeHours } from '../../../gateway/telemetry/observations/close-hours.ts';
import { READINGS } from '../../../gateway/telemetry/observations/days.ts';
import { loadMetrics, type MetricsSpan } from '../../../gateway/telemetry/observations/load-metrics.ts';
import { loadPoints, type Points } from '../../../gateway/telemetry/observations/load-points.ts';
import { dropParts } from '../../../gateway/telemetry/observations/parts.ts';
import type { Span } from '../../../gateway/telemetry/observations/span.ts';
import { createWriterTable } from '../../../gateway/telemetry/observations/writer-table.ts';
import { connectWriter } from '../../../gateway/telemetry/vitals/connection.ts';
import { storeBatch, type Stored } from '../../../gateway/telemetry/vitals/store-batch.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { silent } from '../../gateway/incidents/world.ts';

const HOUR_MS = 3_600_000;
/** Readings of the tests are years old, and kept all the same. */
const READINGS_DAYS = 10_000;

/** A database with the table of observations, used as the product uses it. */
export type Side = {
  readonly pool: Pool;
  /** By the writer of the lane: COPY, staging, halves. */
  readonly store: (rows: readonly Observation[]) => Promise<Stored>;
  readonly load: (of: { readonly residentId: string; readonly metric: string }, span: Span) => Promise<Points>;
  readonly loadMetrics: (residentId: string, span: MetricsSpan) => Promise<readonly string[]>;
  /**
   * Hours that ended an hour before `nowMs` are closed, or what the server has instead; late ones are counted again where
   * all readings from `keptFromMs` on are there.
   */
  readonly settle: (nowMs: number, keptFromMs: number) => Promise<void>;
  /** Readings of days that ended before are gone, their hours stay. */
  readonly letGo: (beforeMs: number) => Promise<void>;
  /** Erases a person as the gateway does, without Redis; answers how many readings there were. */
  readonly erase: (residentId: string) => Promise<number>;
  readonly count: (sql: string, values?: readonly unknown[]) => Promise<number>;
};

/** On a database that has the table already. Ends by itself. */
export async function openSide(databaseUrl: string, kind: 'timescale' | 'native'): Promise<Side> {
  const pool = createPool({ databaseUrl, applicationName: 'test', logger: silent, maxConnections: 2 });
  afterwards(() => pool.end());
  const connection = await connectWriter({ databaseUrl, applicationName: 'writer', onBroken: () => undefined });
  afterwards(() => connection.leave());
  const table = createWriterTable({ readingsDays: READINGS_DAYS, nowMs: () => Date.now() });
  await pool.query(`insert into spool_cursor values ('s', 0)`);
  let position = 0;
  return {
    pool,
    store: (rows) => storeBatch(connection, table, { spool: 's', from: position, to: (position += 1), rows }),
    load: (of, span) => loadPoints(pool, of, span),
    loadMetrics: (residentId, span) => loadMetrics(pool, residentId, span),
    settle: async (nowMs, keptFromMs) => {
      if (kind === 'native') {
        await closeHours({ pool, nowMs, keptFromMs, getsOn: () => undefined });
        return;
      }
      const until = formatIso(Math.floor(nowMs / HOUR_MS) * HOUR_MS - HOUR_MS);
      await pool.query(
        `call refresh_continuous_aggregate('observations_hour', '${formatIso(keptFromMs)}', '${until}')`,
      );
    },
    letGo: async (beforeMs) => {
      if (kind === 'timescale') {
        await pool.query(`select drop_chunks('observations', older_than => $1::timestamptz)`, [formatIso(beforeMs)]);
        return;
      }
      const client = await pool.connect();
      await dropParts(client, READINGS, beforeMs).finally(() => client.release());
    },
    erase: async (residentId) => {
      const order = { residentId, by: 'test', ground: 'asked for', nowMs: Date.now() };
      await inTransaction(pool, 'test', (db) => eraseRows(db, order));
      await eraseObservations({ pool });
      return (await loadErasedReadings(pool, residentId)) ?? Number.NaN;
    },
    count: async (sql, values = []) => {
      const { rows } = await pool.query<{ count: string }>(`select count(*) as count from ${sql}`, [...values]);
      return Number(rows[0]?.count);
    },
  };
}

/** People and the devices that each of them has worn. */
export async function register(
  { pool }: Side,
  residentIds: readonly string[],
  deviceIds: readonly string[],
): Promise<void> {
  await pool.query(`insert into homes (id, address) values ('h', 'a') on conflict do nothing`);
  await pool.query(`insert into residents (id, home_id, name) select id, 'h', 'n' from unnest($1::text[]) as id`, [
    residentIds,
  ]);
  await pool.query(
    `insert into devices (id, model, secret_sha256) select id, 'm', sha256('s') from unnest($1::text[]) as id`,
    [deviceIds],
  );
  await pool.query(
    `insert into device_bindings (device_id, number, bound_from, bound_by) select id, 1, now(), 't' from unnest($1::text[]) as id`,
    [deviceIds],
  );
  await pool.query(
    `insert into device_binding_residents (device_id, number, resident_id)
     select d, 1, r from unnest($1::text[]) as d, unnest($2::text[]) as r`,
    [deviceIds, residentIds],
  );
}

/** Brings all days that are over before a moment into the columnstore; answers how many are there. */
export async function compressBefore({ pool }: Side, ms: number): Promise<number> {
  await pool.query(
    `select compress_chunk(c, if_not_compressed => true) from show_chunks('observations', older_than => $1::timestamptz) as c`,
    [formatIso(ms)],
  );
  const { rowCount } = await pool.query(
    `select from timescaledb_information.chunks where hypertable_name = 'observations' and is_compressed`,
  );
  return rowCount ?? 0;
}
