import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { arrivalOf } from './events.ts';
import { FaultyDisk } from '../segments/faulty-disk.ts';
import { startIngest, proven, withRedis, streamIds, idsOf, isPending } from './world.ts';

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
    timeoutMs: 30_000,
    what: 'settling',
  });
  const streamed = new Set(await streamIds(redis));
  expect(acknowledged.filter((id) => !streamed.has(id))).toEqual([]);
});
