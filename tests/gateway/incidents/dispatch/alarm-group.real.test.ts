import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAlarmGroup } from '../../../../gateway/incidents/dispatch/alarm-group.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { createRedis } from '../../../harness/redis.ts';
import { connect } from '../world.ts';

const HOUR = 3_600_000;
const stream = REDIS_KEYS.alarms;

async function openStream(count: number) {
  const { redisUrl } = await createRedis();
  const redis = await connect(redisUrl);
  const reader = await connect(redisUrl, 'dispatch');
  const group = createAlarmGroup({ reader, redis, alarmStream: stream, consumer: 'gw-1' });
  const ids: string[] = [];
  const [seconds] = (await redis.time()) as unknown as [string];
  const nowMs = Number(seconds) * 1000;
  // Two days of alarms, one every hour; ids are Redis' own time.
  for (let n = 0; n < count; n += 1) {
    const id = `${nowMs - (count - n) * HOUR + HOUR / 2}-${n}`;
    ids.push((await redis.xadd(stream, id, 'event', `${n}`)) ?? '');
  }
  return { redis, group, ids, kept: async () => (await redis.xrange(stream, '-', '+')).map(([id]) => id) };
}

test('what every group has answered goes when it is older than a day, and nothing else', async () => {
  const { redis, group, ids, kept } = await openStream(48);
  await group.ensure();
  const read = [...(await group.readNew(1))];
  await redis.xack(stream, 'dispatch', ...read.map(({ id }) => id));
  expect(await group.trim(24 * HOUR)).toBe(24);
  expect(await kept()).toEqual(ids.slice(24));
  expect(await group.trim(24 * HOUR)).toBe(0);
});

test('a pending entry stays, and everything after it', async () => {
  const { redis, group, ids, kept } = await openStream(10);
  await group.ensure();
  const read = await group.readNew(1);
  await redis.xack(stream, 'dispatch', ...read.filter((_, n) => n !== 3).map(({ id }) => id));
  expect(await group.trim(0)).toBe(3);
  expect(await kept()).toEqual(ids.slice(3));
});

test('what nobody has read stays, and what another group has not read', async () => {
  const { redis, group, ids, kept } = await openStream(10);
  await group.ensure();
  expect(await group.trim(0)).toBe(0);
  await redis.xgroup('CREATE', stream, 'projector', '0');
  await redis.xreadgroup('GROUP', 'projector', 'p', 'COUNT', 5, 'STREAMS', stream, '>');
  await redis.xack(stream, 'projector', ...ids.slice(0, 5));
  const read = await group.readNew(1);
  await redis.xack(stream, 'dispatch', ...read.map(({ id }) => id));
  // The last one delivered stays, so that the group's own position lies within the stream.
  expect(await group.trim(0)).toBe(4);
  expect(await kept()).toEqual(ids.slice(4));
});

test('without a stream or without a group nothing goes', async () => {
  const { redis, group, kept } = await openStream(3);
  expect(await group.trim(0)).toBe(0);
  expect(await kept()).toHaveLength(3);
  await redis.del(stream);
  expect(await group.trim(0)).toBe(0);
});

test('several gateways that trim while others read lose nothing that is unread', async () => {
  const { redis, group } = await openStream(200);
  await group.ensure();
  const seen = new Set<string>();
  const trimming = Array.from({ length: 50 }, () => group.trim(0));
  for (;;) {
    const entries = await group.readNew(1);
    if (entries.length === 0) break;
    for (const { id, text } of entries) {
      expect(text).not.toBeNull();
      seen.add(id);
      await redis.xack(stream, 'dispatch', id);
    }
    await group.trim(0);
  }
  await Promise.all(trimming);
  expect(seen.size).toBe(200);
});

test('an entry that was trimmed while it was pending comes without its words, not as an error', async () => {
  const { redis, group, ids } = await openStream(3);
  await group.ensure();
  await group.readNew(1);
  await redis.xdel(stream, ids[1] ?? '');
  expect((await group.readPending('0')).map(({ text }) => text)).toEqual(['0', null, '2']);
  const other = createAlarmGroup({ reader: redis, redis, alarmStream: stream, consumer: 'gw-2' });
  await delay(2);
  expect((await other.takeOver(1)).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
});

test('that a process has it counts as a delivery, how often it reads it again does not', async () => {
  const { group, ids } = await openStream(100);
  await group.ensure();
  expect((await group.readNew(1)).every(({ deliveries }) => deliveries === 1)).toBe(true);
  await group.readNew(1);
  const readAll = async (read: (after: string) => Promise<{ id: string; deliveries: number }[]>) => {
    const seen: [string, number][] = [];
    for (let after = '0'; ;) {
      const page = await read(after);
      const last = page.at(-1);
      if (last === undefined) return seen;
      for (const { id, deliveries } of page) seen.push([id, deliveries]);
      after = last.id;
    }
  };
  expect(await readAll(group.readPending)).toEqual(ids.map((id) => [id, 1]));
  expect(await readAll(group.readPendingAnew)).toEqual(ids.map((id) => [id, 2]));
  expect(await readAll(group.readPending)).toEqual(ids.map((id) => [id, 2]));
});

/** Longer than a busy machine needs from one command to the next. */
const SILENT_MS = 2000;

test('a consumer that is heard of keeps what it has in hand, however long; of a silent one it is taken over', async () => {
  const { redis, group, ids } = await openStream(3);
  await group.ensure();
  const other = createAlarmGroup({ reader: redis, redis, alarmStream: stream, consumer: 'gw-2' });
  await other.readNew(1);
  await delay(SILENT_MS + 50);
  await other.takeOver(100_000);
  expect(await group.takeOver(SILENT_MS)).toEqual([]);
  await delay(SILENT_MS + 50);
  expect((await group.takeOver(SILENT_MS)).map(({ id, deliveries }) => [id, deliveries])).toEqual(
    ids.map((id) => [id, 2]),
  );
  expect(await group.takeOver(SILENT_MS)).toEqual([]);
});

test('tries are counted for each entry until they are forgotten', async () => {
  const { group } = await openStream(0);
  expect([await group.countTry('1-0'), await group.countTry('1-0'), await group.countTry('2-0')]).toEqual([1, 2, 1]);
  await group.forgetTries(['1-0']);
  await group.forgetTries([]);
  expect([await group.countTry('1-0'), await group.countTry('2-0')]).toEqual([1, 2]);
});
