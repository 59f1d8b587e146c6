import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { decodeEvent } from '../../../gateway/ingest/event-json.ts';
import { createIngest, type Ingest, type IngestOptions } from '../../../gateway/ingest/ingest.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { arrivalOf } from './events.ts';
import { FaultyDisk } from '../segments/faulty-disk.ts';

type OwnRedis = Awaited<ReturnType<typeof ownRedis>>;

const logger = pino({ level: 'silent' });

async function startIngest(redisUrl: string, dataDir: string, options: Partial<IngestOptions> = {}): Promise<Ingest> {
  const redis = connectRedis({ target: redisUrl, role: 'alarm', gatewayId: 'g1', logger });
  const ingest = createIngest({ dataDir, redis, gatewayId: 'g1', clock: systemClock, logger, ...options });
  afterwards(async () => {
    await ingest.stop();
    redis.disconnect();
  });
  await ingest.start();
  return ingest;
}

function proven(ingest: Ingest): Promise<unknown> {
  return until(() => ingest.health().redis.isProven, { timeoutMs: 30_000, what: 'redis to be proven' });
}

/** Commands on a connection of the test's own. */
async function withRedis<T>(redisUrl: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

function streamIds(redis: OwnRedis): Promise<string[]> {
  return withRedis(redis.redisUrl, async (client) => {
    const entries = await client.xrange(REDIS_KEYS.alarms, '-', '+');
    return entries.map(([, fields]) => decodeEvent(fields[1] ?? '')?.id ?? 'unreadable');
  });
}

async function idsOf(events: AsyncIterable<AlarmEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const event of events) ids.push(event.id);
  return ids;
}

/** Whether it has settled after a time in which a working side would long have answered. */
async function isPending(promise: Promise<unknown>, forMs = 700): Promise<boolean> {
  const late = Symbol('late');
  const first = await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, forMs, late))]);
  return first === late;
}

test('an alarm is in the stream and in the journal, and is settled there', async () => {
  const redis = await ownRedis();
  const ingest = await startIngest(redis.redisUrl, await scratchDir());
  await proven(ingest);
  const event = await ingest.door.accept(arrivalOf('d1', Buffer.from('{"type":"sos"}')));
  await until(async () => (await streamIds(redis)).includes(event.id), { timeoutMs: 30_000, what: 'the stream entry' });
  expect(await idsOf(ingest.journal.all())).toEqual([event.id]);
  await until(async () => (await idsOf(ingest.journal.unsettled())).length === 0, {
    timeoutMs: 30_000,
    what: 'settling',
  });
  expect(ingest.health()).toMatchObject({ canKeep: true, journal: { status: 'ok' }, redis: { status: 'ok' } });
});

test('a frozen redis: the journal acknowledges; thawed, the stream has every alarm', async () => {
  const redis = await ownRedis();
  const undelivered: string[] = [];
  const options = { onUndelivered: (event: AlarmEvent) => void undelivered.push(event.id) };
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), options);
  await proven(ingest);
  redis.freeze();
  const early = await Promise.all(Array.from({ length: 20 }, (_, n) => ingest.door.accept(arrivalOf(`d${n}`))));
  await until(() => ingest.health().redis.status === 'failed', {
    timeoutMs: 30_000,
    what: 'the silence to be noticed',
  });
  const late = await ingest.door.accept(arrivalOf('late'));
  expect(ingest.health().canKeep).toBe(true);
  redis.thaw();
  const ids = [...early, late].map(({ id }) => id);
  await until(async () => (await idsOf(ingest.journal.unsettled())).length === 0, {
    timeoutMs: 30_000,
    what: 'settling',
  });
  expect(await streamIds(redis)).toEqual(expect.arrayContaining(ids));
  expect(new Set(undelivered)).toEqual(new Set(ids));
});

test('redis frozen and the disk held: no acknowledgement, until one of them answers', async () => {
  const redis = await ownRedis();
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await proven(ingest);
  redis.freeze();
  disk.set('hang');
  const first = ingest.door.accept(arrivalOf('first'));
  expect(await isPending(first, 4000)).toBe(true);
  redis.thaw();
  const event = await first;
  expect(await streamIds(redis)).toContain(event.id);
  redis.freeze();
  const second = ingest.door.accept(arrivalOf('second'));
  expect(await isPending(second)).toBe(true);
  disk.set('ok');
  expect((await second).deviceId).toBe('second');
  redis.thaw();
});

test('redis on everysec: its answer does not count, the journal alone acknowledges', async () => {
  const redis = await ownRedis({ settings: { appendfsync: 'everysec' } });
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await until(() => ingest.health().redis.status === 'degraded', { timeoutMs: 30_000, what: 'the check' });
  expect(ingest.health().redis.detail).toContain('appendfsync is everysec');
  disk.set('hang');
  const accepted = ingest.door.accept(arrivalOf('d1'));
  expect(await isPending(accepted)).toBe(true);
  expect(await streamIds(redis)).toHaveLength(1);
  disk.set('fail');
  await expect(accepted).rejects.toMatchObject({ code: 'not-durable' });
  disk.set('ok');
  await until(() => ingest.door.accept(arrivalOf('d2')), { timeoutMs: 30_000, what: 'the journal again' });
});

test('somebody switches the fsync off while it runs: noticed, and again when it is back', async () => {
  const redis = await ownRedis();
  const ingest = await startIngest(redis.redisUrl, await scratchDir());
  await proven(ingest);
  await withRedis(redis.redisUrl, (client) => client.config('SET', 'appendfsync', 'everysec'));
  await until(() => !ingest.health().redis.isProven, { timeoutMs: 30_000, what: 'the change to be noticed' });
  await withRedis(redis.redisUrl, (client) => client.config('SET', 'appendfsync', 'always'));
  await proven(ingest);
});

test("the journal's fsync fails: redis alone acknowledges", async () => {
  const redis = await ownRedis();
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await proven(ingest);
  disk.set('fail');
  const events = await Promise.all(Array.from({ length: 10 }, (_, n) => ingest.door.accept(arrivalOf(`d${n}`))));
  expect(await streamIds(redis)).toEqual(expect.arrayContaining(events.map(({ id }) => id)));
  expect(ingest.health().canKeep).toBe(true);
});

test('a disk that hangs and a redis that is silent: nothing can be kept, and it says so until one is back', async () => {
  const redis = await ownRedis();
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await proven(ingest);
  disk.set('hang');
  await ingest.door.accept(arrivalOf('d1'));
  const isNoticed = (): boolean => ingest.health().journal.status === 'failed';
  await until(isNoticed, { timeoutMs: 30_000, what: 'the hanging disk to be noticed' });
  expect(ingest.health().canKeep).toBe(true);
  redis.freeze();
  await until(() => !ingest.health().canKeep, { timeoutMs: 30_000, what: 'the end of keeping' });
  redis.thaw();
  await until(() => ingest.health().canKeep, { timeoutMs: 30_000, what: 'keeping by redis' });
  disk.set('ok');
});

test('a disk that refuses and a redis that is silent: the first alarm that nothing keeps makes it say so', async () => {
  const redis = await ownRedis();
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await proven(ingest);
  disk.set('fail');
  redis.freeze();
  await expect(ingest.door.accept(arrivalOf('d1'))).rejects.toMatchObject({ code: 'not-durable' });
  await until(() => !ingest.health().canKeep, { timeoutMs: 30_000, what: 'the end of keeping' });
  disk.set('ok');
  await until(() => ingest.door.accept(arrivalOf('d1')), { timeoutMs: 30_000, what: 'the journal again' });
  expect(ingest.health()).toMatchObject({ canKeep: true, journal: { status: 'ok' } });
});

test('a redis that is out of memory is silent: refused with a failing disk, delivered when there is room', async () => {
  const redis = await ownRedis();
  const disk = new FaultyDisk();
  const ingest = await startIngest(redis.redisUrl, await scratchDir(), { journal: { disk: disk.asOption() } });
  await proven(ingest);
  await withRedis(redis.redisUrl, (client) => client.config('SET', 'maxmemory', '1'));
  const kept = await ingest.door.accept(arrivalOf('kept'));
  disk.set('fail');
  await expect(ingest.door.accept(arrivalOf('refused'))).rejects.toMatchObject({ code: 'not-durable' });
  disk.set('ok');
  expect(await streamIds(redis)).toEqual([]);
  await withRedis(redis.redisUrl, (client) => client.config('SET', 'maxmemory', '0'));
  await until(async () => (await streamIds(redis)).includes(kept.id), { timeoutMs: 30_000, what: 'sending again' });
});

test('without redis at the start alarms are kept, and after a restart of the gateway redis gets them', async () => {
  const redis = await ownRedis();
  const dataDir = await scratchDir();
  await redis.stop();
  const before = await startIngest(redis.redisUrl, dataDir);
  const events = await Promise.all(Array.from({ length: 50 }, (_, n) => before.door.accept(arrivalOf(`d${n}`))));
  expect(before.health()).toMatchObject({ canKeep: true, redis: { status: 'failed' } });
  await before.stop();
  await redis.start();
  await startIngest(redis.redisUrl, dataDir);
  await until(async () => (await streamIds(redis)).length === 50, { timeoutMs: 30_000, what: 'sending again' });
  expect(await streamIds(redis)).toEqual(events.map(({ id }) => id));
});

test('kill -9 of redis in a stream of alarms: every acknowledged one is in the stream at the end', async () => {
  const redis = await ownRedis();
  const ingest = await startIngest(redis.redisUrl, await scratchDir());
  await proven(ingest);
  const acknowledged: string[] = [];
  for (let round = 0; round < 6; round += 1) {
    const presses = Array.from({ length: 40 }, (_, n) => ingest.door.accept(arrivalOf(`d${n}`)));
    if (round % 2 === 0) await redis.kill9();
    else await redis.start();
    for (const event of await Promise.all(presses)) acknowledged.push(event.id);
  }
  await redis.start();
  await until(async () => (await idsOf(ingest.journal.unsettled())).length === 0, {
    timeoutMs: 20_000,
    what: 'settling',
  });
  const streamed = new Set(await streamIds(redis));
  expect(acknowledged.filter((id) => !streamed.has(id))).toEqual([]);
});

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
  await until(async () => (await readFile(file, 'utf8')).includes(newest), { timeoutMs: 20_000, what: 'the file' });
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
