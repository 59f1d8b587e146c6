import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import {
  createEraseReadings,
  eraseObservations,
  loadErasedReadings,
} from '../../../gateway/history/erase-observations.ts';
import { eraseRows } from '../../../gateway/history/erase-rows.ts';
import { rebindDevice } from '../../../gateway/registry/writes/bindings.ts';
import { inTransaction } from '../../../gateway/store/postgres.ts';
import type { Observation } from '../../../gateway/telemetry/observation.ts';
import { closeHours } from '../../../gateway/telemetry/observations/close-hours.ts';
import { prepareObservations } from '../../../gateway/telemetry/observations/prepare.ts';
import { createWriterTable } from '../../../gateway/telemetry/observations/writer-table.ts';
import { connectWriter } from '../../../gateway/telemetry/vitals/connection.ts';
import { storeBatch } from '../../../gateway/telemetry/vitals/store-batch.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { until } from '../../harness/until.ts';
import { openPool } from './world.ts';

const DAY_MS = 24 * 3_600_000;
const NOW = Date.parse('2026-11-20T12:30:00Z');

const reading = (residentId: string, ts: number): Observation => ({
  ...{ deviceId: 'watch-1', residentId, ts, metric: 'spo2', value: 97, flags: 0, receivedAt: ts },
});

/** Wang wears a watch; Li has worn it before. */
async function openTable() {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await prepareObservations(pool);
  await pool.query(`insert into homes (id, address) values ('h', 'a')`);
  await pool.query(`insert into residents (id, home_id, name) values ('wang', 'h', 'n'), ('li', 'h', 'n')`);
  await pool.query(`insert into devices (id, model, secret_sha256) values ('watch-1', 'm', sha256('s'))`);
  await pool.query(
    `insert into device_bindings (device_id, number, bound_from, bound_by) values ('watch-1', 1, now(), 't')`,
  );
  await pool.query(`insert into device_binding_residents values ('watch-1', 1, 'wang')`);
  await pool.query(`insert into spool_cursor values ('s', 0)`);
  const connection = await connectWriter({ databaseUrl, applicationName: 'test', onBroken: () => undefined });
  afterwards(() => connection.cut());
  const table = createWriterTable({ readingsDays: 90, nowMs: () => NOW });
  let position = 0;
  return {
    pool,
    connection,
    table,
    store: (rows: readonly Observation[]) =>
      storeBatch(connection, table, { spool: 's', from: position, to: (position += 1), rows }),
  };
}

const erase = (pool: Pool) =>
  inTransaction(pool, 'test', (db) =>
    eraseRows(db, { residentId: 'wang', by: 'test', ground: 'asked for', nowMs: NOW }),
  );
const owners = async (pool: Pool, table: string) =>
  (await pool.query<{ id: string }>(`select resident_id as id from ${table} order by 1`)).rows.map(({ id }) => id);

test("the readings of a person go behind their erasure, counted, with their closed hours, and nobody else's", async () => {
  const { pool, store } = await openTable();
  await store([reading('wang', NOW - DAY_MS), reading('li', NOW - DAY_MS + 1), reading('wang', NOW)]);
  await closeHours({ pool, nowMs: NOW, keptFromMs: NOW - 90 * DAY_MS, getsOn: () => undefined });
  expect(await owners(pool, 'observations_hourly')).toEqual(['li', 'wang']);
  await erase(pool);
  expect(await loadErasedReadings(pool, 'wang')).toBeNull();
  expect(await eraseObservations({ pool })).toBe(1);
  expect(await loadErasedReadings(pool, 'wang')).toBe(2);
  for (const table of ['observations', 'observations_hour', 'observations_hourly']) {
    expect(await owners(pool, table)).toEqual(['li']);
  }
  expect(await eraseObservations({ pool })).toBe(0);
});

test('an erasure does not look at the readings, and what goes behind it goes in small pieces, of which none is lost or counted twice', async () => {
  const { pool, store } = await openTable();
  const everyMs = 60_000;
  await store(Array.from({ length: 300 }, (_, n) => reading('wang', NOW - DAY_MS - n * everyMs)));
  const reader = await pool.connect();
  await reader.query('begin');
  await reader.query('lock table observations in access exclusive mode');
  try {
    await erase(pool);
  } finally {
    await reader.query('commit');
    reader.release();
  }

  await pool.query('create table pieces (size int8)');
  await pool.query(`create function note_piece() returns trigger language plpgsql as
    $$ begin insert into pieces select count(*) from gone; return null; end $$`);
  await pool.query(`create trigger pieces after delete on observations referencing old table as gone
    for each statement execute function note_piece()`);
  // One hour cannot be deleted yet.
  await pool.query(`create function refuse() returns trigger language plpgsql as
    $$ begin if old.ts < '2026-11-19T10:00Z' then raise 'not yet'; end if; return old; end $$`);
  await pool.query('create trigger refuses before delete on observations for each row execute function refuse()');
  await expect(eraseObservations({ pool })).rejects.toMatchObject({ code: 'failed' });
  expect(await loadErasedReadings(pool, 'wang')).toBeNull();
  await pool.query(`create or replace function refuse() returns trigger language plpgsql as
    $$ begin if old.ts > '2026-11-19T10:00Z' then raise 'not yet'; end if; return old; end $$`);
  await expect(eraseObservations({ pool })).rejects.toMatchObject({ code: 'failed' });
  await pool.query('drop trigger refuses on observations');
  expect(await eraseObservations({ pool })).toBe(1);
  expect(await owners(pool, 'observations')).toEqual([]);
  expect(await loadErasedReadings(pool, 'wang')).toBe(300);
  const { rows } = await pool.query<{ most: number }>('select max(size)::float8 as most from pieces');
  expect(rows).toEqual([{ most: 60 }]);
});

test('a writer that is in the middle of a batch is waited for, and what comes out of a spool later is not stored', async () => {
  const { pool, connection, table, store } = await openTable();
  await store([reading('wang', NOW)]);
  await connection.query('begin');
  expect(await table.beforeRows(connection, [reading('wang', NOW + 1)])).toHaveLength(1);
  let isErased = false;
  const erasing = erase(pool).finally(() => (isErased = true));
  const waits = `select from pg_locks where locktype = 'advisory' and not granted`;
  await until(async () => (await pool.query(waits)).rowCount, { timeoutMs: 30_000, what: 'the erasure to wait' });
  expect(isErased).toBe(false);
  await connection.query(
    `insert into observations values ('watch-1', 'wang', $1, 'spo2', 97, 0, now()), ('watch-1', 'li', $2, 'spo2', 97, 0, now())`,
    [new Date(NOW + 1), new Date(NOW + 2)],
  );
  await connection.query('commit');
  await erasing;
  await eraseObservations({ pool });
  expect(await loadErasedReadings(pool, 'wang')).toBe(2);
  expect(await owners(pool, 'observations')).toEqual(['li']);
  // What the watch sends of the time before, and what waited.
  expect(await store([reading('wang', NOW - DAY_MS), reading('li', NOW - 2 * DAY_MS)])).toMatchObject({
    ...{ stored: 1, erased: 1, repeats: 0 },
  });
  expect(await owners(pool, 'observations')).toEqual(['li', 'li']);
});

test('a device is bound to nobody who was erased', async () => {
  const { pool } = await openTable();
  const bind = (residentId: string) =>
    inTransaction(pool, 'test', (db) =>
      rebindDevice(db, 'watch-1', { residentIds: [residentId] }, { nowMs: Date.now(), actor: 'test' }),
    );
  await erase(pool);
  await expect(bind('wang')).rejects.toMatchObject({ code: 'not-found' });
  await bind('li');
});

test('whoever asks while readings are being erased waits for one more run, which all of them share', async () => {
  const { pool, store } = await openTable();
  await store([reading('wang', NOW)]);
  await erase(pool);
  const runs: string[] = [];
  let underWay = 0;
  // Each run begins with this question; the pool is asked as ever.
  const counting = Object.assign(Object.create(pool) as Pool, {
    query: async (text: string, values?: unknown[]) => {
      if (!text.includes('observations_done_at is null')) return pool.query(text, values);
      underWay += 1;
      runs.push(`${underWay} at a time`);
      return pool.query(text, values).finally(() => {
        underWay -= 1;
      });
    },
  });
  const eraseReadings = createEraseReadings(counting);
  await Promise.all([eraseReadings(), eraseReadings(), eraseReadings()]);
  expect(runs).toEqual(['1 at a time', '1 at a time']);
  expect(await loadErasedReadings(pool, 'wang')).toBe(1);
});
