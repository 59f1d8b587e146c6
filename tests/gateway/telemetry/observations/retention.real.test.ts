import { pino } from 'pino';
import { expect, test } from 'vitest';
import { systemClock } from '../../../../gateway/clock.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { READINGS } from '../../../../gateway/telemetry/observations/days.ts';
import { createObservations } from '../../../../gateway/telemetry/observations/observations.ts';
import { loadParts } from '../../../../gateway/telemetry/observations/parts.ts';
import { prepareObservations } from '../../../../gateway/telemetry/observations/prepare.ts';
import { calcKeptFrom, KEPT } from '../../../../gateway/telemetry/observations/retention.ts';
import { createWriterTable } from '../../../../gateway/telemetry/observations/writer-table.ts';
import { connectWriter } from '../../../../gateway/telemetry/vitals/connection.ts';
import { storeBatch } from '../../../../gateway/telemetry/vitals/store-batch.ts';
import { afterwards } from '../../../harness/cleanup.ts';
import { createDatabase } from '../../../harness/postgres.ts';
import { until } from '../../../harness/until.ts';
import { openPool } from '../../history/world.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS = KEPT.minReadingsDays;

async function openTable() {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await prepareObservations(pool);
  const connection = await connectWriter({ databaseUrl, applicationName: 'test', onBroken: () => undefined });
  afterwards(() => connection.cut());
  await connection.query(`insert into spool_cursor values ('s', 0)`);
  let position = 0;
  /** As the lane does it; `aheadMs`: how far the gateway's clock is wrong. */
  const store = (rows: readonly Observation[], readingsDays: number, aheadMs = 0) => {
    const table = createWriterTable({ readingsDays, nowMs: () => Date.now() + aheadMs });
    return storeBatch(connection, table, { spool: 's', from: position, to: (position += 1), rows });
  };
  return { databaseUrl, pool, store };
}

const reading = (ageDays: number): Observation => {
  const ts = Date.now() - ageDays * DAY_MS;
  return { deviceId: 'watch-1', residentId: 'wang', metric: 'spo2', value: 97, flags: 0, ts, receivedAt: ts };
};

test('a reading that waited in the spool longer than readings are kept is counted, and no day is made for it', async () => {
  const { pool, store } = await openTable();
  const keptFromMs = calcKeptFrom(Date.now(), DAYS);
  const areKept = async () => (await loadParts(pool, READINGS)).every(({ fromMs }) => fromMs >= keptFromMs);
  const rows = [reading(DAYS + 2), reading(DAYS + 9), reading(DAYS - 1), reading(0)];
  expect(await store([...rows, ...rows.slice(0, 1)], DAYS)).toEqual({
    ...{ stored: 2, repeats: 1, expired: 2, erased: 0, refused: [] },
  });
  expect(await areKept()).toBe(true);
  expect(await store([reading(DAYS + 2)], DAYS)).toMatchObject({ stored: 0, expired: 1 });
  expect(await areKept()).toBe(true);
});

test('a gateway whose clock runs years ahead stores readings all the same', async () => {
  const { store } = await openTable();
  expect(await store([reading(3), reading(0)], DAYS, 800 * DAY_MS)).toMatchObject({ stored: 2, expired: 0 });
  expect(await store([reading(DAYS + 2)], DAYS, 800 * DAY_MS)).toMatchObject({ stored: 0, expired: 1 });
});

test.for([
  ['lets go what is older than the setting', 0],
  ['with a clock that runs ahead lets go nothing more', 800 * DAY_MS],
] as const)('the loop %s', async ([, aheadMs]) => {
  const { databaseUrl, pool, store } = await openTable();
  const keptFromMs = calcKeptFrom(Date.now(), DAYS);
  await store([reading(DAYS + 2), reading(DAYS - 1)], KEPT.readingsDays);
  expect((await loadParts(pool, READINGS))[0]?.untilMs).toBeLessThanOrEqual(keptFromMs);
  const loop = createObservations({
    ...{ databaseUrl, gatewayId: 'g-1', readingsDays: DAYS, logger: pino({ level: 'silent' }) },
    clock: { ...systemClock, nowMs: () => Date.now() + aheadMs },
  });
  afterwards(() => loop.stop());
  loop.start();
  await until(() => loop.lastRunMonoMs() !== null, { timeoutMs: 30_000, what: 'the first turn' });
  expect(loop.check()).toMatchObject({ status: 'ok', detail: 'native' });
  const parts = await loadParts(pool, READINGS);
  expect(parts.filter(({ untilMs }) => untilMs <= keptFromMs)).toEqual([]);
  const { rows } = await pool.query<{ ts: Date }>('select ts from observations');
  expect(rows.map(({ ts }) => Math.round((Date.now() - ts.getTime()) / DAY_MS))).toEqual([DAYS - 1]);
  // Days are there before they begin.
  expect(parts.some(({ fromMs }) => fromMs > Date.now() + DAY_MS)).toBe(true);
});
