import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { arrivalOf } from './events.ts';
import { startIngest, proven, withRedis, streamIds, idsOf } from './world.ts';

test('a redis that comes back empty is noticed and gets the whole journal', async () => {
  const redis = await ownRedis();
  const changes: string[] = [];
  let isReady = false;
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), {
    onLineageChanged: ({ reason }) => {
      changes.push(reason);
      return isReady ? Promise.resolve() : Promise.reject(new Error('not yet'));
    },
  });
  await proven(ingest);
  const events = await Promise.all(Array.from({ length: 30 }, (_, n) => ingest.door.accept(arrivalOf(`d${n}`))));
  await until(async () => (await idsOf(ingest.journal.unsettled())).length === 0, {
    timeoutMs: 30_000,
    what: 'settling',
  });
  await withRedis(redis.redisUrl, (client) => client.flushall());
  await until(() => changes.length === 1, { timeoutMs: 30_000, what: 'the loss to be noticed' });
  expect(await streamIds(redis)).toEqual([]);
  isReady = true;
  await until(async () => (await streamIds(redis)).length >= 30, { timeoutMs: 30_000, what: 'the journal in redis' });
  expect(await streamIds(redis)).toEqual(events.map(({ id }) => id));
  expect(changes.length).toBeGreaterThanOrEqual(2);
  const calls = changes.length;
  await ingest.door.accept(arrivalOf('after'));
  await new Promise((resolve) => setTimeout(resolve, 2500));
  expect(changes).toHaveLength(calls);
});

test('a redis that came back older is noticed, also by a gateway that was not running', async () => {
  const redis = await ownRedis();
  const dataDir = await scratchDir();
  const before = await startIngest(redis.redisUrl, dataDir);
  await proven(before);
  const first = await before.door.accept(arrivalOf('first'));
  const backup = await withRedis(redis.redisUrl, (client) => client.dumpBuffer(REDIS_KEYS.alarms));
  const second = await before.door.accept(arrivalOf('second'));
  const file = join(dataDir, 'redis-lineage.json');
  const newest = await withRedis(redis.redisUrl, async (client) => {
    const [entry] = await client.xrevrange(REDIS_KEYS.alarms, '+', '-', 'COUNT', 1);
    return entry?.[0] ?? '';
  });
  await until(async () => (await readFile(file, 'utf8')).includes(newest), { timeoutMs: 30_000, what: 'the file' });
  await before.stop();
  await withRedis(redis.redisUrl, (client) => client.restore(REDIS_KEYS.alarms, 0, backup, 'REPLACE'));
  expect(await streamIds(redis)).toEqual([first.id]);
  const changes: string[] = [];
  await startIngest(redis.redisUrl, dataDir, {
    onLineageChanged: ({ reason }) => Promise.resolve(void changes.push(reason)),
  });
  await until(async () => (await streamIds(redis)).includes(second.id), {
    timeoutMs: 30_000,
    what: 'the second alarm',
  });
  expect(changes).toEqual(['older']);
});

test('the first start on a redis with data of its own sends nothing again', async () => {
  const redis = await ownRedis();
  const changes: string[] = [];
  const one = await startIngest(redis.redisUrl, await scratchDir());
  await proven(one);
  const event = await one.door.accept(arrivalOf('d1'));
  await one.stop();
  const two = await startIngest(redis.redisUrl, await scratchDir(), {
    onLineageChanged: ({ reason }) => Promise.resolve(void changes.push(reason)),
  });
  await proven(two);
  await two.door.accept(arrivalOf('d2'));
  expect(changes).toEqual([]);
  expect((await streamIds(redis))[0]).toBe(event.id);
});
