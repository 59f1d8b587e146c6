import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createRemembered } from '../../../../gateway/history/remembered.ts';
import type { OtherMemory } from '../../../../gateway/incidents/degraded/other-memory.ts';
import { createRecall } from '../../../../gateway/incidents/degraded/recall.ts';
import { createRestoreCase } from '../../../../gateway/incidents/degraded/restore-case.ts';
import { createEventIds } from '../../../../gateway/ingest/event-ids.ts';
import { INCIDENT_KEYS } from '../../../../gateway/incidents/keys.ts';
import { runCommitScript } from '../../../../gateway/incidents/run-script.ts';
import { createIncidentStore } from '../../../../gateway/incidents/store.ts';
import { fromStore } from '../../../../gateway/incidents/store-silence.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { StoreError } from '../../../../gateway/store/store-error.ts';
import { openHistory } from '../../history/world.ts';
import { operator, pressed, register, SECOND } from '../build.ts';
import { openGateway, silent } from '../world.ts';
import { claim, close, note } from './cut-off.ts';

/** A gateway on a Redis that lost everything or something, and what Postgres has from before. */
async function open() {
  const start = Date.now();
  let nowMs = start;
  const clock = { nowMs: () => nowMs, monoMs: () => nowMs };
  const history = await openHistory({ clock });
  const gateway = await openGateway(history.redisUrl, { clock });
  const { redis, pool, takeAll } = history;
  let isHeld = false;
  const newId = createEventIds(clock);
  const press = (deviceId: string, more: { readonly id?: string; readonly at?: number } = {}) =>
    pressed({ id: newId(), deviceId, receivedAt: nowMs, message: more });

  function recall(memory: OtherMemory = createRemembered(pool)) {
    const store = createIncidentStore(redis, REDIS_KEYS.alarms);
    const run = (request: Parameters<typeof runCommitScript>[1]) => fromStore(runCommitScript(redis, request));
    const restore = createRestoreCase({ redis, store, run, gatewayId: 'gw-new', nowMs: clock.nowMs });
    const directory = () => register();
    return createRecall({ memory, redis, restore, directory, isHeld: () => isHeld, clock, logger: silent });
  }

  return {
    ...gateway,
    ...{ redis, pool, newId, press, recall, takeAll, rows: history.rows },
    act: async (incidentId: string, command: typeof claim) =>
      (await gateway.commands({ incidentId, command, actor: operator, commandId: null, mayAct: () => true })).kind,
    pass: (ms: number) => {
      nowMs += ms;
    },
    hold: (held: boolean) => {
      isHeld = held;
    },
    /** Redis is empty, under another name. */
    lose: async () => {
      await takeAll();
      await redis.flushall();
      await redis.set(REDIS_KEYS.lineage, 'life-2');
    },
    recallAll: async () => {
      const recalled = recall();
      recalled.ask();
      await recalled.settled();
    },
  };
}

/** Everything of a case in Redis, but for the line that tells of the refill. */
async function dump(redis: Redis, id: string) {
  const lines = await redis.lrange(INCIDENT_KEYS.entries(id), 0, -1);
  const alarms = await redis.lrange(INCIDENT_KEYS.alarms(id), 0, -1);
  const refs = lines.flatMap((line) => /"ref":"([^"]+)"/.exec(line)?.[1] ?? []);
  return {
    record: await redis.hgetall(INCIDENT_KEYS.incident(id)),
    lines: lines.filter((line) => !line.includes('"refilled"')),
    alarms,
    texts: await Promise.all(refs.map((ref) => redis.get(INCIDENT_KEYS.personal(ref)))),
    events: await Promise.all(alarms.map((alarm) => redis.get(INCIDENT_KEYS.event(alarm)))),
    isOpen: (await redis.zscore(INCIDENT_KEYS.openSet, id)) !== null,
    isListed: (await redis.zscore(INCIDENT_KEYS.allSet, id)) !== null,
  };
}

describe('A Redis that lost everything, with it every gateway its disk', () => {
  test('is given open cases and those closed of late, to the letter', async () => {
    const world = await open();
    const opened = (await world.decide(world.press('a'), null)).incidentId ?? '';
    await world.act(opened, claim);
    await world.act(opened, note('she fell'));
    await world.decide(world.press('a'), null);
    const closed = (await world.decide(world.press('b'), null)).incidentId ?? '';
    await world.act(closed, claim);
    await world.act(closed, close);
    const before = [await dump(world.redis, opened), await dump(world.redis, closed)];
    expect(before[0]?.texts.length).toBeGreaterThan(0);
    await world.lose();
    await world.recallAll();
    expect([await dump(world.redis, opened), await dump(world.redis, closed)]).toEqual(before);
    const refilled = (await world.redis.xrange(INCIDENT_KEYS.log, '-', '+')).map(([, fields]) => fields[1] ?? '');
    expect(refilled.map((entry) => (JSON.parse(entry) as { type: string }).type)).toEqual(['refilled', 'refilled']);
    // Once more changes nothing.
    await world.recallAll();
    expect(await world.redis.xlen(INCIDENT_KEYS.log)).toBe(2);
  });

  test('takes a press that is sent again for what it was, and the next one into its case', async () => {
    const world = await open();
    const press = world.press('a', { id: '7', at: Date.now() });
    const { incidentId } = await world.decide(press, null);
    await world.decide({ ...press, id: world.newId() }, null);
    const repeat = { ...press, id: world.newId() };
    await world.decide(repeat, null);
    await world.lose();
    await world.recallAll();
    // From a journal: the very same alarms.
    expect((await world.decide(press, null)).verdict).toBe('already-seen');
    expect((await world.decide(repeat, null)).verdict).toBe('already-seen');
    // From the device, an hour later: its clock has proved itself.
    world.pass(3600 * SECOND);
    const again = { ...press, id: world.newId(), receivedAt: press.receivedAt + 3600 * SECOND };
    expect(await world.decide(again, null)).toMatchObject({ verdict: 'repeat', incidentId });
    expect(await world.decide(world.press('a'), null)).toMatchObject({ verdict: 'joined', incidentId });
  });

  test('knows what of an open case was sent again as soon as the case is there', async () => {
    const world = await open();
    const press = world.press('a', { id: '7', at: Date.now() });
    const { incidentId } = await world.decide(press, null);
    await world.lose();
    const recalled = world.recall({
      ...createRemembered(world.pool),
      decided: () => {
        throw new StoreError('test', 'unavailable');
      },
    });
    recalled.ask();
    await recalled.settled();
    expect(await world.decide({ ...press, id: world.newId() }, null)).toMatchObject({ verdict: 'repeat', incidentId });
    expect((await world.decide(press, null)).verdict).toBe('already-seen');
  });

  test('believes a clock as far as it did after the last alarm', async () => {
    const world = await open();
    const { incidentId } = await world.decide(world.press('a', { at: Date.now() }), null);
    await world.act(incidentId ?? '', claim);
    await world.act(incidentId ?? '', close);
    await world.decide(world.press('a', { at: 0 }), null);
    await world.decide(world.press('b', { at: 0 }), null);
    await world.decide(world.press('b', { at: Date.now() }), null);
    await world.lose();
    await world.recallAll();
    expect(await world.redis.get(INCIDENT_KEYS.clock('a'))).toBe('flagged');
    expect(await world.redis.get(INCIDENT_KEYS.clock('b'))).toBe('proven');
  });

  test('keeps what came meanwhile: both cases of a person stand, and are found', async () => {
    const world = await open();
    const old = (await world.decide(world.press('a'), null)).incidentId ?? '';
    await world.lose();
    const fresh = (await world.decide(world.press('a'), null)).incidentId ?? '';
    expect(fresh).not.toBe(old);
    await world.recallAll();
    expect((await world.store.loadOpen()).map(({ id }) => id).toSorted()).toEqual([old, fresh].toSorted());
    expect((await world.store.loadIndex('device:a')).value.open.toSorted()).toEqual([old, fresh].toSorted());
  });

  test('is given alarms with the case to which they were moved', async () => {
    const world = await open();
    const first = (await world.decide(world.press('a'), null)).incidentId ?? '';
    const other = (await world.decide(world.press('b'), null)).incidentId ?? '';
    expect(await world.act(other, { name: 'merge', body: { into: first } })).toBe('done');
    const before = [await dump(world.redis, first), await dump(world.redis, other)];
    expect(before.map(({ alarms }) => alarms.length)).toEqual([2, 0]);
    await world.lose();
    await world.recallAll();
    expect([await dump(world.redis, first), await dump(world.redis, other)]).toEqual(before);
  });
});

describe('A Redis that was set back', () => {
  test('keeps what is newer than in Postgres', async () => {
    const world = await open();
    const id = (await world.decide(world.press('a'), null)).incidentId ?? '';
    await world.takeAll();
    await world.act(id, claim);
    const before = await dump(world.redis, id);
    await world.recallAll();
    expect(await dump(world.redis, id)).toEqual(before);
    expect(before.record['v']).not.toBe('1');
  });

  test.each([false, true])('learns what was closed, unless it was pressed since: %s', async (isPressed) => {
    const world = await open();
    const id = (await world.decide(world.press('a'), null)).incidentId ?? '';
    const keys = await world.redis.keys('*');
    const earlier = await Promise.all(keys.map((key) => world.redis.dumpBuffer(key)));
    await world.act(id, claim);
    await world.act(id, close);
    await world.lose();
    for (const [n, key] of keys.entries()) await world.redis.restore(key, 0, earlier[n] ?? '', 'REPLACE');
    await world.redis.set(REDIS_KEYS.lineage, 'life-2');
    world.pass(60 * SECOND);
    if (isPressed) {
      expect(await world.decide(world.press('a'), null)).toMatchObject({ verdict: 'joined', incidentId: id });
      await world.takeAll();
    }
    await world.recallAll();
    const record = await world.store.loadIncident(id);
    if (isPressed) expect(record).toMatchObject({ presses: 2, ringing: true, ownerId: null });
    expect(record?.state).toBe(isPressed ? 'open' : 'resolved');
    expect((await world.store.loadOpen()).length).toBe(isPressed ? 1 : 0);
    expect((await world.store.loadEntries(id)).map(({ type }) => type)).toContain('resolve');
  });
});

test('Postgres away, and Redis: both are waited for without a word too many, and nothing is left out', async () => {
  const world = await open();
  const id = (await world.decide(world.press('a'), null)).incidentId ?? '';
  await world.lose();
  const memory = createRemembered(world.pool);
  let isAway = true;
  const recalled = world.recall({
    ...memory,
    load: (ids) => (isAway ? Promise.reject(new StoreError('test', 'unavailable')) : memory.load(ids)),
  });
  recalled.ask();
  await recalled.nextTurn();
  expect(await world.store.loadOpen()).toEqual([]);
  isAway = false;
  recalled.look();
  await recalled.settled();
  expect(await world.store.loadOpen()).toEqual([]);
  world.pass(10 * SECOND);
  world.hold(true);
  recalled.look();
  await recalled.settled();
  expect(await world.store.loadOpen()).toEqual([]);
  world.hold(false);
  recalled.look();
  await recalled.settled();
  expect((await world.store.loadOpen()).map((incident) => incident.id)).toEqual([id]);
});

test('who asks while a turn is under way is given another', async () => {
  const world = await open();
  await world.lose();
  const memory = createRemembered(world.pool);
  let turns = 0;
  const recalled = world.recall({
    ...memory,
    closed: (sinceMs) => {
      turns += 1;
      if (turns === 1) recalled.ask();
      return memory.closed(sinceMs);
    },
  });
  recalled.ask();
  await recalled.settled();
  recalled.look();
  await recalled.settled();
  recalled.look();
  await recalled.settled();
  expect(turns).toBe(2);
});

test('a gateway that begins to work by itself leaves off, and goes on when Redis counts again', async () => {
  const world = await open();
  const { incidentId } = await world.decide(world.press('a'), null);
  await world.lose();
  const memory = createRemembered(world.pool);
  const recalled = world.recall({
    ...memory,
    open: () => {
      world.hold(true);
      return memory.open();
    },
  });
  recalled.ask();
  await recalled.settled();
  expect(await world.store.loadOpen()).toEqual([]);
  const again = world.recall();
  world.hold(false);
  again.ask();
  await again.settled();
  expect((await world.store.loadOpen()).map((incident) => incident.id)).toEqual([incidentId]);
});

test('words and frames that were erased do not come back', async () => {
  const world = await open();
  const id = (await world.decide(world.press('a'), null)).incidentId ?? '';
  await world.act(id, note('she fell'));
  await world.takeAll();
  await world.rows(`update personal_texts set said = null, salt = null, erased_at = now(), erased_why = 'erasure'`);
  await world.rows(`update events set body = null, salt = null, erased_at = now(), erased_why = 'erasure'`);
  await world.lose();
  await world.recallAll();
  const { texts, events, alarms } = await dump(world.redis, id);
  expect(alarms).toHaveLength(1);
  expect([...texts, ...events].filter((text) => text !== null)).toEqual([]);
  expect((await world.store.loadEntries(id)).find(({ type }) => type === 'note')?.said).toEqual({ erased: true });
});
