import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBroker } from '../../../../devices/links/mqtt/broker.ts';
import { BrokerStore } from '../../../../devices/links/mqtt/broker-store.ts';
import { KeptSessions } from '../../../../devices/links/mqtt/kept-sessions.ts';
import { DEFAULT_LIMITS } from '../../../../devices/links/mqtt/limits.ts';
import { SECRETS, soon, startWorld } from './world.ts';

const will = (topic: string, payload = '{"type":"tamper"}', qos = 1) => ({
  will: { topic, payload: Buffer.from(payload), qos, retain: true },
});

test.each([
  ['d1', SECRETS['d1'], 'verified'],
  ['d1', 'wrong', 'unverified'],
  ['stranger', 'x', 'unregistered'],
] as const)(
  'a will of %s with secret %s on an alarm topic is an alarm of standing %s',
  async (username, password, standing) => {
    const world = await startWorld();
    const raw = await world.raw();
    await raw.connectAs(username, password, will(`zj/v1/${username}/alarm`));
    raw.socket.resetAndDestroy();
    await soon(() => world.arrivals.length === 1, 'the will at the door');
    expect(world.arrivals[0]).toMatchObject({ deviceId: username, standing, message: { type: 'tamper' } });
    expect(world.link.health().counters.wills).toBe(1);
  },
);

test('a will about another device is unverified and names its publisher', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], will('zj/v1/d2/alarm'));
  raw.socket.destroy();
  await soon(() => world.arrivals.length === 1, 'the will at the door');
  expect(world.arrivals[0]).toMatchObject({ deviceId: 'd2', standing: 'unverified', source: { publisher: 'd1' } });
});

test('a will elsewhere is dropped, one after DISCONNECT is void', async () => {
  const world = await startWorld();
  const first = await world.raw();
  await first.connectAs('d1', SECRETS['d1'], will('zj/v1/d2/status'));
  first.socket.destroy();
  await soon(() => world.link.health().counters.dropped === 1, 'the drop');
  const second = await world.raw();
  await second.connectAs('d1', SECRETS['d1'], will('zj/v1/d1/alarm'));
  second.send({ cmd: 'disconnect' });
  await soon(() => second.isClosed, 'the end');
  await delay(50);
  expect(world.arrivals).toEqual([]);
});

test('a will that could not be made durable is offered again', async () => {
  const world = await startWorld();
  let failures = 2;
  world.door = () => (failures-- > 0 ? Promise.reject(new Error('no disk')) : Promise.resolve());
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], will('zj/v1/d1/alarm'));
  raw.socket.destroy();
  await soon(() => world.arrivals.length === 3, 'the third attempt');
});

test('stopping the gateway rings nobody’s will', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], will('zj/v1/d1/alarm'));
  await world.link.stop();
  await delay(50);
  expect(world.arrivals).toEqual([]);
});

test('the will of a device whose secret was just revoked is no longer verified', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], will('zj/v1/d1/alarm'));
  world.link.disconnect('d1');
  await soon(() => world.arrivals.length === 1, 'the will at the door');
  expect(world.arrivals[0]?.standing).toBe('unverified');
});

test('the broker may hand over a will without a client: nothing throws and it is let go', async () => {
  const seen: unknown[] = [];
  const refuse = () => undefined;
  const broker = await createBroker(
    {
      connect: () => true,
      connected: refuse,
      publish: (client, incoming) => void seen.push([client, incoming.kind]),
      refused: refuse,
      sessionOf: refuse,
      subscriptionRefused: refuse,
      subscribed: () => undefined,
      ping: refuse,
      clientError: refuse,
    },
    new BrokerStore(new KeptSessions(DEFAULT_LIMITS), refuse),
    1000,
  );
  const packet = { topic: 'zj/v1/d1/alarm', payload: Buffer.from('{}'), qos: 1, retain: true, dup: false };
  const error = await new Promise((resolve) => {
    Reflect.apply(broker.authorizePublish, broker, [null, packet, resolve]);
  });
  expect(error).toBeNull();
  expect(seen).toEqual([[null, 'will']]);
  expect(packet.retain).toBe(false);
  broker.close();
});
