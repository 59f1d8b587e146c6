import { expect, test } from 'vitest';
import { asEventId } from '../../../devices/event.ts';
import type { CommitPlan } from '../../../gateway/incidents/commit.ts';
import { EMPTY_INDEX, guardIndex, withOpened } from '../../../gateway/incidents/open-index.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { SHOWN_ALARMS, SHOWN_ENTRIES } from '../../../gateway/incidents/store.ts';
import { StoreSilentError } from '../../../gateway/incidents/store-silence.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { createRedis } from '../../harness/redis.ts';
import { inputOf, NOW, openIncident, pressed } from './build.ts';
import { openGateway } from './world.ts';

const NOTHING: CommitPlan = { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: null };

test('a plan whose last check fails writes nothing of itself', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  await redis.set('guard', 'moved');
  const { plan } = planAlarm(inputOf(pressed()));
  const guarded = [...plan.guarded, { key: 'guard', was: 'old', becomes: 'new', ttlMs: null }];
  expect(await store.commit({ ...plan, guarded })).toEqual({ kind: 'conflict' });
  expect(await redis.keys('*')).toEqual(['guard']);
});

test('a check that only compares changes nothing, and holds', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  const compare = (was: string | null) =>
    store.commit({ ...NOTHING, guarded: [{ key: 'k', was, becomes: null, ttlMs: null }] });
  expect((await compare(null)).kind).toBe('done');
  expect((await compare('x')).kind).toBe('conflict');
  await redis.set('k', 'x');
  expect((await compare('x')).kind).toBe('done');
  expect((await compare(null)).kind).toBe('conflict');
  expect(await redis.get('k')).toBe('x');
});

test('a committed plan gives everything back as it was written', async () => {
  const { redisUrl } = await createRedis();
  const { store } = await openGateway(redisUrl);
  const event = pressed({ message: { text: 'quotes " \\ \n\u2028 \ud83d 助急', at: NOW } });
  const input = inputOf(event);
  const { plan, incidentId } = planAlarm(input);
  const result = await store.commit(plan);
  expect(result).toMatchObject({ kind: 'done', logIds: expect.objectContaining({ length: 4 }) });
  expect(await store.loadIncident(incidentId ?? '')).toEqual(plan.incidents[0]?.record);
  expect(await store.loadEvents(incidentId ?? '')).toEqual([event]);
  const entries = await store.loadEntries(incidentId ?? '');
  expect(entries.map(({ id, type }) => [id, type])).toEqual(
    plan.entries.map(({ type }, n) => [result.kind === 'done' ? result.logIds[n] : '', type]),
  );
  expect((await store.loadOpen()).map(({ id }) => id)).toEqual([incidentId]);
  const view = await store.loadAlarmView(event, input.facts);
  expect(view.seen).toEqual({ raw: incidentId, value: true });
  expect(view.openOfSubject).toHaveLength(1);
});

test('what people said can be erased; the log stays and says so', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  const line = {
    incidentId: 'inc-1',
    type: 'note',
    actor: 'user:u1',
    at: NOW,
    data: {},
    personal: { text: 'he fell' },
  };
  await store.commit({ ...NOTHING, entries: [line] });
  expect((await store.loadEntries('inc-1'))[0]?.said).toEqual({ text: 'he fell' });
  for (const key of await redis.keys('{zj}:personal:*')) await redis.del(key);
  expect((await store.loadEntries('inc-1'))[0]).toMatchObject({ type: 'note', said: { erased: true } });
});

test.each(['OOM', 'READONLY', 'NOREPLICAS'])(
  'a Redis that answers %s has written nothing, and is silent, not wrong',
  async (word) => {
    const server = await ownRedis();
    const { redis, store } = await openGateway(server.redisUrl);
    // One in which the second write would be allowed if the first were.
    const { plan } = planAlarm(inputOf(pressed(), { openOfSubject: [] }));
    const dbsize = await redis.dbsize();
    if (word === 'OOM') await redis.config('SET', 'maxmemory', '1');
    if (word === 'READONLY') await redis.replicaof('127.0.0.1', 1);
    if (word === 'NOREPLICAS') await redis.config('SET', 'min-replicas-to-write', '1');
    const error: unknown = await store.commit(plan).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreSilentError);
    expect((error as StoreSilentError).reason).toBe(word);
    // READONLY makes the connection look for another server: ask with a fresh one.
    const again = await openGateway(server.redisUrl);
    expect(await again.redis.dbsize()).toBe(dbsize);
    if (word === 'OOM') await again.redis.config('SET', 'maxmemory', '0');
    if (word === 'READONLY') await again.redis.replicaof('NO', 'ONE');
    if (word === 'NOREPLICAS') await again.redis.config('SET', 'min-replicas-to-write', '0');
    expect((await again.store.commit(plan)).kind).toBe('done');
  },
);

test('a full Redis still takes an acknowledgement, which needs no room', async () => {
  const server = await ownRedis();
  const { redis, store, add } = await openGateway(server.redisUrl);
  const id = await add(pressed());
  await redis.xgroup('CREATE', '{zj}:alarms', 'dispatch', '0');
  await redis.xreadgroup('GROUP', 'dispatch', 'a', 'STREAMS', '{zj}:alarms', '>');
  await redis.config('SET', 'maxmemory', '1');
  expect((await store.commit({ ...NOTHING, notifications: [], ack: id })).kind).toBe('done');
  expect(await redis.xpending('{zj}:alarms', 'dispatch')).toEqual([0, null, null, null]);
});

test('a Redis that forgot the script is given it again', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  for (let n = 0; n < 2; n += 1) {
    await redis.script('FLUSH');
    expect((await store.commit(planAlarm(inputOf(pressed({ deviceId: `d-${n}` }))).plan)).kind).toBe('done');
  }
});

test('of thousands of presses the first and the last are shown, and all are kept', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  const count = 2500;
  const incident = openIncident();
  for (let from = 0; from < count; from += 500) {
    const ids = Array.from({ length: 500 }, (_, n) => asEventId(`e-${from + n}`));
    await store.commit({
      ...NOTHING,
      events: ids.map((id) => ({ id, incidentId: incident.id, json: JSON.stringify({ ...pressed(), id }) })),
      entries: ids.map((id) => ({
        incidentId: incident.id,
        type: 'joined',
        actor: 'system',
        at: NOW,
        data: { alarmId: id },
      })),
    });
  }
  const entries = await store.loadEntries(incident.id);
  const [first, last] = [entries.slice(0, SHOWN_ENTRIES.first), entries.slice(SHOWN_ENTRIES.first + 1)];
  expect(first.map(({ data }) => data['alarmId'])).toEqual(first.map((_, n) => `e-${n}`));
  expect(last.map(({ data }) => data['alarmId'])).toEqual(last.map((_, n) => `e-${count - SHOWN_ENTRIES.last + n}`));
  expect(entries[SHOWN_ENTRIES.first]).toMatchObject({ type: 'omitted', data: { entries: count - 1000 } });
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  const alarms = (await store.loadEvents(incident.id)).map(({ id }) => id);
  expect(alarms).toHaveLength(SHOWN_ALARMS.first + SHOWN_ALARMS.last);
  expect(alarms.at(-1)).toBe(`e-${count - 1}`);
  expect(await redis.llen(`{zj}:incident:${incident.id}:log`)).toBe(count);
});

test.each([0, 1, 99, 100, 101, 999, 1000, 1001, 1002])(
  'a log of %d entries is shown whole or says what it leaves out',
  async (count) => {
    const { redisUrl } = await createRedis();
    const { store } = await openGateway(redisUrl);
    const line = { incidentId: 'inc-1', type: 'note', actor: 'system', at: NOW, data: {} };
    if (count > 0) await store.commit({ ...NOTHING, entries: Array.from({ length: count }, () => line) });
    const entries = await store.loadEntries('inc-1');
    const omitted = entries.filter(({ type }) => type === 'omitted');
    expect(entries.length - omitted.length).toBe(Math.min(count, 1000));
    expect(omitted.map(({ data }) => data['entries'])).toEqual(count > 1000 ? [count - 1000] : []);
  },
);

test('an index with nothing open is forgotten in time, one with something open never', async () => {
  const { redisUrl } = await createRedis();
  const { redis, store } = await openGateway(redisUrl);
  const write = async (open: string | null) => {
    const held = await store.loadIndex('s');
    const becomes = open === null ? EMPTY_INDEX : withOpened(EMPTY_INDEX, open);
    await store.commit({ ...NOTHING, guarded: [guardIndex('s', held, becomes)] });
    return redis.pttl('{zj}:index:s');
  };
  expect(await write('inc-1')).toBe(-1);
  expect(await write(null)).toBeGreaterThan(0);
  expect(await write('inc-2')).toBe(-1);
});
