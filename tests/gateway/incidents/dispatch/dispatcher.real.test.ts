import { describe, expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import type { AlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { ownRedis } from '../../../harness/own-servers.ts';
import { createRedis } from '../../../harness/redis.ts';
import { until } from '../../../harness/until.ts';
import { nextId, NOW, pressed } from '../build.ts';
import { alarmsInIncidents, openGateway, type TestGateway } from '../world.ts';

/** Presses that differ, of seven devices. */
const presses = (count: number, from = 0): AlarmEvent[] =>
  Array.from({ length: count }, (_, at) => from + at).map((n) =>
    pressed({ deviceId: `d-${n % 7}`, receivedAt: NOW, message: { text: `${n}` } }),
  );

const idsOf = (events: readonly AlarmEvent[]): string[] => events.map(({ id }) => String(id)).toSorted();

async function untilDecided(gateway: TestGateway, count: number): Promise<void> {
  const isDone = async () => (await alarmsInIncidents(gateway)).length >= count && (await gateway.pending()) === 0;
  await until(isDone, { timeoutMs: 30_000, what: `${count} alarms in incidents and none pending` });
}

describe('The dispatcher', () => {
  test('takes what lay in the stream before its group existed', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const events = presses(150);
    for (const event of events) await gateway.add(event);
    await gateway.startDispatcher('gw-1');
    await untilDecided(gateway, 150);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
  });

  test('goes on when everything in Redis is gone in mid-run', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    await gateway.startDispatcher('gw-1');
    await gateway.add(pressed());
    await untilDecided(gateway, 1);
    await gateway.redis.flushdb();
    const events = presses(20);
    for (const event of events) await gateway.add(event);
    await untilDecided(gateway, 20);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
  });

  test('makes its group again when only that is gone, and decides nothing twice', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    await gateway.startDispatcher('gw-1');
    const events = presses(20);
    for (const event of events) await gateway.add(event);
    await untilDecided(gateway, 20);
    await gateway.redis.xgroup('DESTROY', REDIS_KEYS.alarms, 'dispatch');
    const later = pressed({ deviceId: 'd-9' });
    await gateway.add(later);
    await untilDecided(gateway, 21);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf([...events, later]));
    const incidents = await gateway.store.loadOpen();
    expect(incidents.reduce((sum, { presses: count }) => sum + count, 0)).toBe(21);
  });

  test('first takes what it had read and not decided when it starts again', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const events = presses(100);
    for (const event of events) await gateway.add(event);
    await gateway.redis.xgroup('CREATE', REDIS_KEYS.alarms, 'dispatch', '0');
    await gateway.redis.xreadgroup('GROUP', 'dispatch', 'gw-1', 'STREAMS', REDIS_KEYS.alarms, '>');
    expect(await gateway.pending()).toBe(100);
    await gateway.startDispatcher('gw-1', { takeOverAfterMs: 60_000 });
    await untilDecided(gateway, 100);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
  });

  test('takes over what another one read and left', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const events = presses(100);
    for (const event of events) await gateway.add(event);
    await gateway.redis.xgroup('CREATE', REDIS_KEYS.alarms, 'dispatch', '0');
    await gateway.redis.xreadgroup('GROUP', 'dispatch', 'dead', 'STREAMS', REDIS_KEYS.alarms, '>');
    await gateway.startDispatcher('gw-1', { takeOverAfterMs: 100 });
    await untilDecided(gateway, 100);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
  });

  test('two of them side by side decide every alarm once, whatever comes twice', async () => {
    const { redisUrl } = await createRedis();
    const [one, other] = [await openGateway(redisUrl), await openGateway(redisUrl)];
    await one.startDispatcher('gw-1', { takeOverAfterMs: 50 });
    await other.startDispatcher('gw-2', { takeOverAfterMs: 50 });
    const events = presses(200);
    // The door sends what Redis has not answered again: under the same ULID.
    await Promise.all([...events, ...events, ...events.slice(0, 50)].map((event) => one.add(event)));
    await untilDecided(one, 200);
    expect(await alarmsInIncidents(one)).toEqual(idsOf(events));
    const incidents = await one.store.loadOpen();
    expect(incidents).toHaveLength(7);
    expect(incidents.reduce((sum, { presses: count }) => sum + count, 0)).toBe(200);
  });
});

/** Fails for the alarms that say so, for a reason of their own. */
function poisoned(decide: AlarmDecider, attempts: Map<string, number>): AlarmDecider {
  return (event, streamId) => {
    if (event.message.text !== 'poison') return decide(event, streamId);
    attempts.set(event.id, (attempts.get(event.id) ?? 0) + 1);
    throw new RangeError('nobody thought of this');
  };
}

describe('An alarm that cannot be processed', () => {
  test('becomes one incident after three attempts, and the others go on beside it', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const attempts = new Map<string, number>();
    await gateway.startDispatcher('gw-1', { decide: poisoned(gateway.decide, attempts) });
    const poison = pressed({ deviceId: 'd-1', message: { text: 'poison' } });
    const events = [...presses(3), poison, ...presses(30, 3)];
    for (const event of events) await gateway.add(event);
    await untilDecided(gateway, events.length);
    expect(attempts.get(poison.id)).toBe(3);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
    const unprocessed = (await gateway.store.loadOpen()).filter(({ type }) => type === 'unprocessed');
    expect(unprocessed).toMatchObject([{ id: `inc-${poison.id}`, priority: 1, deviceId: 'd-1', ringing: true }]);
    // The door sends it once more: it has been answered.
    await gateway.add(poison);
    await until(async () => (await gateway.pending()) === 0, { timeoutMs: 30_000, what: 'nothing pending' });
    expect((await gateway.store.loadOpen()).filter(({ type }) => type === 'unprocessed')).toHaveLength(1);
  });

  test('that is no event at all becomes one at once', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    await gateway.redis.xadd(REDIS_KEYS.alarms, '*', 'event', '{"id":"ZHANG-SAN');
    await gateway.redis.xadd(REDIS_KEYS.alarms, '*', 'other', 'field');
    await gateway.startDispatcher('gw-1');
    await until(async () => (await gateway.store.loadOpen()).length === 2, {
      timeoutMs: 30_000,
      what: 'two incidents',
    });
    const [first] = await gateway.store.loadOpen();
    const log = await gateway.store.loadEntries(first?.id ?? '');
    expect(log[0]?.said).toEqual({ entry: '{"id":"ZHANG-SAN' });
    expect(await gateway.pending()).toBe(0);
  });

  test('is given up once when two gateways do it at the same time', async () => {
    const { redisUrl } = await createRedis();
    const [one, other] = [await openGateway(redisUrl), await openGateway(redisUrl)];
    const texts = [JSON.stringify(pressed()), 'nonsense'];
    for (const text of texts) {
      const id = (await one.redis.xadd(REDIS_KEYS.alarms, '*', 'event', text)) ?? '';
      await Promise.all([one.giveUp(id, text), other.giveUp(id, text)]);
    }
    const open = await one.store.loadOpen();
    expect(open.map(({ type, presses: count }) => [type, count])).toEqual([
      ['unprocessed', 1],
      ['unprocessed', 1],
    ]);
  });

  test('is not what a device did right: an alarm that was decided all the same is not given up', async () => {
    const { redisUrl } = await createRedis();
    const gateway = await openGateway(redisUrl);
    const event = pressed();
    await gateway.decide(event, null);
    await gateway.giveUp('1-0', JSON.stringify(event));
    expect((await gateway.store.loadOpen()).map(({ type }) => type)).toEqual(['sos']);
  });
});

describe('A Redis that falls silent', () => {
  test('makes no alarm "could not be processed", however long it lasts', async () => {
    const server = await ownRedis();
    const gateway = await openGateway(server.redisUrl);
    const dispatcher = await gateway.startDispatcher('gw-1');
    const events = presses(30);
    for (const event of events.slice(0, 10)) await gateway.add(event);
    await untilDecided(gateway, 10);
    // Frozen for longer than the connection waits: what was sent is applied at the thaw, and sent anew as well.
    const sent = Promise.allSettled(events.slice(10).map((event) => gateway.add(event)));
    server.freeze();
    await until(() => dispatcher.health().lastFault !== null, { timeoutMs: 30_000, what: 'the dispatcher’s fault' });
    server.thaw();
    await sent;
    await until(() => gateway.redis.status === 'ready', { timeoutMs: 30_000, what: 'the connection' });
    for (const event of events.slice(10)) await gateway.add(event);
    await untilDecided(gateway, 30);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
    const open = await gateway.store.loadOpen();
    expect(open.filter(({ type }) => type === 'unprocessed')).toEqual([]);
    expect(open.reduce((sum, { presses: count }) => sum + count, 0)).toBe(30);
  });

  test('for want of memory makes none either: the alarms wait for room', async () => {
    const server = await ownRedis();
    const gateway = await openGateway(server.redisUrl);
    const gate = Promise.withResolvers<void>();
    const decide: AlarmDecider = async (event, streamId) => {
      await gate.promise;
      return gateway.decide(event, streamId);
    };
    const dispatcher = await gateway.startDispatcher('gw-1', { decide });
    const events = presses(3);
    for (const event of events) await gateway.add(event);
    await gateway.redis.config('SET', 'maxmemory', '1');
    gate.resolve();
    await until(() => dispatcher.health().lastFault === 'OOM', { timeoutMs: 30_000, what: 'the dispatcher’s fault' });
    expect(await alarmsInIncidents(gateway)).toEqual([]);
    await gateway.redis.config('SET', 'maxmemory', '0');
    await untilDecided(gateway, 3);
    expect((await gateway.store.loadOpen()).map(({ type }) => type)).toEqual(['sos', 'sos', 'sos']);
  });

  test('and is killed and started again keeps every decision, and every alarm that waited', async () => {
    const server = await ownRedis();
    const gateway = await openGateway(server.redisUrl);
    const dispatcher = await gateway.startDispatcher('gw-1');
    const events = presses(60);
    for (const event of events) await gateway.add(event);
    await server.kill9();
    await until(() => dispatcher.health().lastFault !== null, { timeoutMs: 30_000, what: 'the dispatcher’s fault' });
    await server.start();
    await until(() => gateway.redis.status === 'ready', { timeoutMs: 30_000, what: 'the connection' });
    await untilDecided(gateway, 60);
    expect(await alarmsInIncidents(gateway)).toEqual(idsOf(events));
    expect((await gateway.store.loadOpen()).reduce((sum, { presses: count }) => sum + count, 0)).toBe(60);
  });
});

test('a commit that timed out and was applied all the same decides nothing twice', async () => {
  const server = await ownRedis();
  const gateway = await openGateway(server.redisUrl);
  const event = { ...pressed(), id: nextId() };
  await gateway.add(event);
  // The first answer is lost: the script ran, the gateway does not know.
  let isFirst = true;
  const decide: AlarmDecider = async (each, streamId) => {
    const decided = await gateway.decide(each, streamId === null || isFirst ? null : streamId);
    if (!isFirst) return decided;
    isFirst = false;
    throw new RangeError('no answer came');
  };
  await gateway.startDispatcher('gw-1', { decide });
  await untilDecided(gateway, 1);
  expect((await gateway.store.loadOpen()).map(({ presses: count }) => count)).toEqual([1]);
});
