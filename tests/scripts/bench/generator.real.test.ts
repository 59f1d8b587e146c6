import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startBareAedes, startNaiveAedes } from '../../../scripts/bench/brokers.ts';
import { startGenerator } from '../../../scripts/bench/generator.ts';
import type { Running } from '../../../scripts/bench/processes.ts';
import { prepareObservations } from '../../../gateway/telemetry/observations/prepare.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openPool } from '../../gateway/history/world.ts';

const CLIENTS = 5;
const PACE = { task: 'pace', forMs: 300, alarmsPerS: 20, vitalsPerS: 100, readings: 2 } as const;

async function connectTo(broker: Running) {
  afterwards(broker.stop);
  const generator = startGenerator();
  afterwards(generator.stop);
  await generator.ask({ task: 'connect', port: broker.port, from: 0, count: CLIENTS });
  return generator;
}

test('what is sent at a pace, in a flood and by hand is acknowledged and measured, also at once', async () => {
  const generator = await connectTo(await startBareAedes());
  const beforeMs = Date.now();
  const [paced, pressed] = await Promise.all([generator.ask(PACE), generator.ask({ task: 'press', client: 3 })]);
  expect(paced).toMatchObject({ alarmsSent: 6, alarmsAcked: 6, vitalsSent: 30, vitalsAcked: 30 });
  expect(paced.latenciesMs).toHaveLength(6);
  expect(Math.min(...paced.latenciesMs)).toBeGreaterThan(0);
  // One machine, one clock: less than a tick of it apart.
  expect(pressed.sentMs).toBeGreaterThan(beforeMs - 1);
  expect(pressed.ackedMs).toBeGreaterThan(pressed.sentMs);
  expect(pressed.ackedMs).toBeLessThan(Date.now() + 1);

  const flooded = await generator.ask({ task: 'flood', forMs: 200, window: 4, readings: 1 });
  expect(flooded.vitalsSent).toBeGreaterThanOrEqual(4 * CLIENTS);
  expect(flooded.vitalsAcked).toBe(flooded.vitalsSent);
  await generator.ask({ task: 'close' });
  await expect(generator.ask({ task: 'press', client: 0 })).rejects.toThrow('client 0 is not connected');
});

test('the naive process keeps a press in Redis and every reading in its table', async () => {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await prepareObservations(pool);
  await pool.query('create table bench_naive (like observations including all)');
  const redisUrl = new URL((await createRedis()).redisUrl);
  const redis = new Redis(redisUrl.href);
  afterwards(() => redis.disconnect());
  const broker = await startNaiveAedes({ redisUrl: redisUrl.href, databaseUrl }, 'bench_naive');
  const generator = await connectTo(broker);
  const { alarmsAcked, vitalsAcked } = await generator.ask(PACE);
  expect([alarmsAcked, vitalsAcked]).toEqual([6, 30]);
  expect(await redis.xlen('naive')).toBe(6);
  await until(async () => (await pool.query('select from bench_naive')).rowCount === 60, {
    timeoutMs: 30_000,
    what: 'two rows of each message',
  });
});
