import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { processesBelow } from './processes-below.ts';
import { createDatabase } from './postgres.ts';
import { createRedis } from './redis.ts';
import { ownPostgres, ownRedis } from './own-servers.ts';
import { scratchDir } from './scratch.ts';
import { until } from './until.ts';

async function tables(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  await client.end();
  return rows[0]?.n ?? 0;
}

test('every test gets a migrated database of its own, or an empty one', async () => {
  const [one, two, empty] = [await createDatabase(), await createDatabase(), await createDatabase({ migrated: false })];
  expect(one.databaseUrl).not.toBe(two.databaseUrl);
  expect(await tables(one.databaseUrl)).toBeGreaterThan(0);
  expect(await tables(empty.databaseUrl)).toBe(0);
  await two.drop();
  await expect(tables(two.databaseUrl)).rejects.toThrow(/does not exist/);
});

test('every test gets an empty Redis database that fsyncs', async () => {
  for (let turn = 0; turn < 20; turn += 1) {
    const client = new Redis((await createRedis()).redisUrl);
    expect(await client.dbsize()).toBe(0);
    await client.set('left', 'over');
    client.disconnect();
  }
  const client = new Redis((await createRedis()).redisUrl);
  expect(await client.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
  client.disconnect();
});

test('an own Redis can be frozen, thawed, killed and started again with its data', async () => {
  const server = await ownRedis();
  const client = new Redis(server.redisUrl, { commandTimeout: 300, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  await client.set('kept', 'yes');
  server.freeze();
  await expect(client.get('kept')).rejects.toThrow();
  server.thaw();
  await until(async () => (await client.get('kept')) === 'yes', {
    timeoutMs: 30_000,
    what: 'an answer after the thaw',
  });
  await server.kill9();
  await server.start();
  await until(async () => (await client.get('kept')) === 'yes', { timeoutMs: 30_000, what: 'the data after the kill' });
  client.disconnect();
});

test('an own PostgreSQL can be frozen, killed and stopped', async () => {
  const server = await ownPostgres();
  const ask = async () => {
    const client = new pg.Client({ connectionString: server.databaseUrl, connectionTimeoutMillis: 500 });
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
    return true;
  };
  server.freeze();
  await expect(ask()).rejects.toThrow();
  server.thaw();
  await until(ask, { timeoutMs: 30_000, what: 'an answer after the thaw' });
  await server.kill9();
  await until(ask, { timeoutMs: 30_000, what: 'an answer after the kill' });
  await server.stop();
  await expect(ask()).rejects.toThrow();
});

let left = '';
test('what a test leaves behind ...', async () => {
  const redis = await ownRedis();
  left = redis.folder;
  expect(processesBelow(left)).toHaveLength(1);
});

test('... is gone at the next one', () => {
  expect(existsSync(left)).toBe(false);
  expect(processesBelow(left)).toEqual([]);
});

test('a folder of the test can be used and is inside the folder of the run', async () => {
  expect(existsSync(await scratchDir())).toBe(true);
});

afterAll(() => expect(processesBelow(left)).toEqual([]));
