import { expect, test } from 'vitest';
import type { Pool } from 'pg';
import { closeHours } from '../../../../gateway/telemetry/observations/close-hours.ts';
import { READINGS } from '../../../../gateway/telemetry/observations/days.ts';
import { POINTS_SQL, pointsValues } from '../../../../gateway/telemetry/observations/load-points.ts';
import { dropParts, loadParts } from '../../../../gateway/telemetry/observations/parts.ts';
import { prepareObservations } from '../../../../gateway/telemetry/observations/prepare.ts';
import { planSpan, type Span } from '../../../../gateway/telemetry/observations/span.ts';
import { createWriterTable } from '../../../../gateway/telemetry/observations/writer-table.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { until } from '../../../harness/until.ts';
import { openPool } from '../../history/world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2026-11-20T12:30:00Z');

async function openTable(): Promise<Pool> {
  const pool = openPool((await createDatabase()).databaseUrl);
  await prepareObservations(pool);
  return pool;
}

const reading = (ts: number, value: number, flags = 0): Observation => ({
  ...{ deviceId: 'watch-1', residentId: 'wang', metric: 'spo2', receivedAt: ts },
  ...{ ts, value, flags },
});

/** As the lane does it, with an insert in place of COPY. */
async function store(pool: Pool, rows: readonly Observation[]): Promise<void> {
  const table = createWriterTable({ readingsDays: 90, nowMs: () => NOW });
  const client = await pool.connect();
  try {
    const times = rows.map(({ ts }) => ts);
    await table.ensureDays(client, Math.min(...times), Math.max(...times));
    await client.query('begin');
    await table.beforeRows(client, rows);
    await client.query(table.makeStaging);
    for (const { deviceId, residentId, ts, metric, value, flags, receivedAt } of rows) {
      await client.query('insert into observations_staging values ($1, $2, $3, $4, $5, $6, $7)', [
        ...[deviceId, residentId, new Date(ts), metric, value, flags, new Date(receivedAt)],
      ]);
    }
    await client.query(table.mergeStaging);
    await client.query('commit');
  } finally {
    client.release();
  }
}

function spanOf(fromMs: number, toMs: number, bucket: Span['bucket']): Span {
  const span = planSpan({ fromMs, toMs, bucket });
  if (typeof span === 'string') throw new Error(span);
  return span;
}

const WANG = { deviceIds: ['watch-1'], residentId: 'wang', metric: 'spo2' };

async function points(pool: Pool, span: Span) {
  const { rows } = await pool.query<{ t: number; min: number; count: number; flagged: number }>(
    POINTS_SQL[span.from],
    pointsValues(WANG, span),
  );
  return rows.map(({ t, min, count, flagged }) => [new Date(t).toISOString().slice(0, 13), min, count, flagged]);
}

const close = (pool: Pool, nowMs = NOW) =>
  closeHours({ pool, nowMs, keptFromMs: NOW - 90 * DAY_MS, getsOn: () => undefined });

test('a late reading is in its hour after that was closed, a duplicate once, a flagged one apart', async () => {
  const pool = await openTable();
  const [old, recent] = [NOW - 2 * DAY_MS, NOW - 5 * 60_000];
  await store(pool, [reading(old, 97), reading(old, 97), reading(old + 1000, 20, 4), reading(recent, 95)]);
  await close(pool);
  const span = spanOf(NOW - 3 * DAY_MS, NOW, '1h');
  const first = [
    ['2026-11-18T12', 97, 1, 1],
    ['2026-11-20T12', 95, 1, 0],
  ];
  expect(await points(pool, span)).toEqual(first);
  await store(pool, [reading(old + 2000, 90)]);
  expect((await pool.query('select from observations_dirty')).rowCount).toBe(1);
  await close(pool);
  expect(await points(pool, span)).toEqual([['2026-11-18T12', 90, 2, 1], first[1]]);
  expect((await pool.query('select from observations_dirty')).rowCount).toBe(0);
  expect(await points(pool, spanOf(old - 1, old + HOUR_MS, '1m'))).toEqual([['2026-11-18T12', 90, 2, 1]]);
});

test('it is made once, by however many gateways at once, and dropped days end at the limit', async () => {
  const pool = openPool((await createDatabase()).databaseUrl);
  const made = await Promise.all([1, 2, 3].map(() => prepareObservations(pool)));
  expect(made.filter(({ isMade }) => isMade)).toHaveLength(1);
  await store(pool, [reading(NOW - 100 * DAY_MS, 97), reading(NOW, 96)]);
  const client = await pool.connect();
  try {
    expect(await dropParts(client, READINGS, NOW - 90 * DAY_MS)).toBe(1);
  } finally {
    client.release();
  }
  expect((await loadParts(pool, READINGS)).map(({ name }) => name)).toEqual(['observations_20261120']);
});

test('days are made while a writer holds the table, and nobody waits for anybody', async () => {
  const pool = await openTable();
  await store(pool, [reading(NOW, 96)]);
  const writer = await pool.connect();
  try {
    await writer.query('begin');
    await writer.query('lock table observations in row exclusive mode');
    await store(pool, [reading(NOW - 3 * DAY_MS, 96)]);
    await writer.query('rollback');
  } finally {
    writer.release();
  }
  expect(await loadParts(pool, READINGS)).toHaveLength(2);
});

test('while retention waits for somebody who reads for long, readings of old and new days are stored', async () => {
  const pool = await openTable();
  await store(pool, [reading(NOW - 100 * DAY_MS, 97), reading(NOW, 96)]);
  const [reader, dropper] = [await pool.connect(), await pool.connect()];
  try {
    await reader.query('begin isolation level repeatable read');
    await reader.query('select count(*) from observations');
    const dropping = dropParts(dropper, READINGS, NOW - 90 * DAY_MS);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%detach%'`;
    await until(async () => (await pool.query(waits)).rowCount === 1, { timeoutMs: 30_000, what: 'retention to wait' });
    await store(pool, [reading(NOW + 1000, 95), reading(NOW + DAY_MS, 94)]);
    expect(await dropParts(pool, READINGS, NOW - 90 * DAY_MS)).toBeNull();
    await reader.query('commit');
    expect(await dropping).toBe(1);
  } finally {
    reader.release();
    dropper.release();
  }
  const { rows } = await pool.query<{ value: number }>('select value from observations order by ts');
  expect(rows.map(({ value }) => value)).toEqual([96, 95, 94]);
});

test('a day that is still read after it was let go is dropped another time', async () => {
  const pool = await openTable();
  await store(pool, [reading(NOW - 100 * DAY_MS, 97), reading(NOW, 96)]);
  const name = 'observations_20260812';
  await pool.query(`alter table observations detach partition ${name}`);
  const [reader, dropper] = [await pool.connect(), await pool.connect()];
  try {
    await reader.query(`begin; select from ${name}`);
    expect(await dropParts(dropper, READINGS, NOW - 90 * DAY_MS)).toBe(0);
    await reader.query('commit');
    expect(await dropParts(dropper, READINGS, NOW - 90 * DAY_MS)).toBe(1);
  } finally {
    reader.release();
    dropper.release();
  }
});

test('a chart over 90 days reads the hours and not the days that are closed', async () => {
  const pool = await openTable();
  const rows = Array.from({ length: 90 }, (_, day) => reading(NOW - day * DAY_MS, 97));
  // A span so wide that its days are made with the rows.
  await store(pool, rows);
  await close(pool);
  const span = spanOf(NOW - 90 * DAY_MS, NOW + HOUR_MS, '6h');
  expect(await points(pool, span)).toHaveLength(90);
  const { rows: plan } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain (analyze, costs off, timing off, summary off) ${POINTS_SQL.hours}`,
    pointsValues(WANG, span),
  );
  const lines = plan.map((line) => line['QUERY PLAN']);
  const read = lines.filter((line) => /Scan .*on observations_\d{8}/.test(line) && !line.includes('never executed'));
  expect(read).toHaveLength(1);
  expect(read[0]).toContain('observations_20261120');
});
