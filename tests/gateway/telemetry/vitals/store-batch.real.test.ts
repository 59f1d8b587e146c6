import fc from 'fast-check';
import pg from 'pg';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { connectWriter, type WriterConnection } from '../../../../gateway/telemetry/vitals/connection.ts';
import { storeBatch } from '../../../../gateway/telemetry/vitals/store-batch.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { anyRows } from './arbitraries.ts';
import { rowOf } from './messages.ts';
import { createWriterTable, PLAIN_SCHEMA } from './plain-table.fixture.ts';
import { until } from '../../../harness/until.ts';

const table = createWriterTable();
let databaseUrl = '';
let connection: WriterConnection;
let broken = 0;

const connect = () => connectWriter({ databaseUrl, applicationName: 'test', onBroken: () => void (broken += 1) });

beforeAll(async () => {
  ({ databaseUrl } = await createDatabase({ migrated: false }));
  connection = await connect();
  await connection.query(PLAIN_SCHEMA);
  return () => connection.cut();
});

beforeEach(async () => {
  await connection.query(`truncate plain_observations, spool_cursor; insert into spool_cursor values ('s', -1)`);
});

const batch = (rows: readonly Observation[], from = -1, to = 10) => ({ spool: 's', from, to, rows });

async function stored(): Promise<Observation[]> {
  const { rows } = await connection.query(
    `select device_id as "deviceId", resident_id as "residentId", metric, value, flags,
      round(extract(epoch from ts) * 1000)::float8 as ts, round(extract(epoch from received_at) * 1000)::float8 as "receivedAt"
      from plain_observations order by device_id, metric, ts`,
  );
  return rows as Observation[];
}

async function cursor(): Promise<number> {
  const { rows } = await connection.query('select position::float8 as position from spool_cursor');
  return (rows as { position: number }[])[0]?.position ?? Number.NaN;
}

test('what is stored is what was sent, to the bit, whatever it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyRows, async (rows) => {
      await connection.query(`truncate plain_observations; update spool_cursor set position = -1`);
      const unique = new Map(rows.toReversed().map((row) => [`${row.metric} ${row.ts}`, row]));
      const result = await storeBatch(connection, table, batch(rows));
      expect(result).toEqual({
        stored: unique.size,
        repeats: rows.length - unique.size,
        expired: 0,
        erased: 0,
        refused: [],
      });
      const found = new Map((await stored()).map((row) => [`${row.metric} ${row.ts}`, row]));
      expect(found).toEqual(unique);
    }),
    { numRuns: 40 },
  );
});

test('rows and cursor go together, and the same batch once more is refused', async () => {
  const rows = [rowOf('a', 0), rowOf('b', 0)];
  await storeBatch(connection, table, batch(rows));
  expect(await cursor()).toBe(10);
  await expect(storeBatch(connection, table, batch([rowOf('c', 0)]))).rejects.toMatchObject({ code: 'cursor-moved' });
  expect(await stored()).toHaveLength(2);
});

test('what is there already is left out, and the rest is stored', async () => {
  await storeBatch(connection, table, batch([rowOf('a', 0), rowOf('a', 1)]));
  const again = [rowOf('a', 0, { value: 99 }), rowOf('a', 1), rowOf('a', 2), rowOf('a', 3)];
  expect(await storeBatch(connection, table, batch(again, 10, 20))).toEqual({
    stored: 2,
    repeats: 2,
    expired: 0,
    erased: 0,
    refused: [],
  });
  expect(await cursor()).toBe(20);
  expect((await stored()).map(({ value }) => value)).toEqual([70, 70, 70, 70]);
});

test('rows that the database refuses are put aside alone', async () => {
  const rows = Array.from({ length: 50 }, (_, index) =>
    rowOf('a', index, index % 20 === 7 ? { metric: 'poison' } : {}),
  );
  const result = await storeBatch(connection, table, batch([...rows, rowOf('a', 0)]));
  expect(result).toMatchObject({ stored: 47, repeats: 1 });
  expect(result.refused.map(({ row, code }) => [row.ts - rowOf('a', 0).ts, code])).toEqual([
    [7, '23514'],
    [27, '23514'],
    [47, '23514'],
  ]);
  expect(await cursor()).toBe(10);
  expect(await stored()).toHaveLength(47);
});

test('a batch in which nothing is left still moves the cursor', async () => {
  expect(await storeBatch(connection, table, batch([]))).toEqual({
    stored: 0,
    repeats: 0,
    expired: 0,
    erased: 0,
    refused: [],
  });
  expect(await cursor()).toBe(10);
});

test('a connection that is killed between rows and commit leaves nothing behind, and says so', async () => {
  const other = await connect();
  const { rows } = await other.query('select pg_backend_pid() as pid');
  const pid = (rows as { pid: number }[])[0]?.pid;
  // The lock holds the COPY up until its backend is ended.
  const blocker = new pg.Client({ connectionString: databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table plain_observations in access exclusive mode');
  const settled = storeBatch(other, table, batch([rowOf('a', 0)])).then(
    () => 'stored',
    () => 'failed',
  );
  const waits = `select 1 from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'`;
  await until(async () => (await blocker.query(waits, [pid])).rowCount, {
    timeoutMs: 30_000,
    what: 'the COPY to wait',
  });
  await blocker.query('select pg_terminate_backend($1)', [pid]);
  expect(await settled).toBe('failed');
  await blocker.query('rollback');
  await blocker.end();
  expect(other.isBroken()).toBe(true);
  expect(broken).toBeGreaterThan(0);
  expect(await stored()).toEqual([]);
  expect(await cursor()).toBe(-1);
});
