import { setTimeout as delay } from 'node:timers/promises';
import type { Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { connectPacket, publishPacket, SECRETS, soon, startWorld } from './world.ts';

function held(): {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
} {
  return Promise.withResolvers<void>();
}

test('an alarm of QoS 1 is acknowledged when it is durable and not before', async () => {
  const world = await startWorld();
  const durable = held();
  world.door = () => durable.promise;
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, 7));
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
  await delay(100);
  expect(raw.received).toEqual([]);
  durable.resolve();
  expect(await raw.next('puback')).toMatchObject({ messageId: 7 });
  expect(world.arrivals[0]).toMatchObject({
    deviceId: 'd1',
    standing: 'verified',
    source: { protocol: 'mqtt-json' },
    message: { kind: 'alarm', type: 'sos' },
  });
  expect(world.arrivals[0]?.source.publisher).toBeUndefined();
  expect(Buffer.from(world.arrivals[0]?.raw ?? []).toString()).toBe('{"type":"sos"}');
});

test('an alarm of QoS 2 gets its PUBREC when it is durable and not before, and the handshake ends', async () => {
  const world = await startWorld();
  const durable = held();
  world.door = () => durable.promise;
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 2, 9));
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
  await delay(100);
  expect(raw.received).toEqual([]);
  durable.resolve();
  await raw.next('pubrec');
  raw.send({ cmd: 'pubrel', messageId: 9 });
  expect(await raw.next('pubcomp')).toMatchObject({ messageId: 9 });
});

test('an alarm that could not be made durable is not acknowledged: the connection ends', async () => {
  for (const qos of [1, 2] as const) {
    const world = await startWorld();
    world.door = () => Promise.reject(new Error('no disk'));
    const raw = await world.raw();
    await raw.connectAs('d1', SECRETS['d1']);
    raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', qos));
    await soon(() => raw.isClosed, 'the connection to end');
    expect(raw.received).toEqual([]);
  }
});

test('a press of QoS 0 behind an alarm that was refused still comes to the door', async () => {
  const world = await startWorld();
  let asked = 0;
  world.door = () => (asked++ === 0 ? Promise.reject(new Error('no disk')) : Promise.resolve());
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(
    publishPacket('zj/v1/d1/alarm', '{"type":"fall"}', 1),
    ...Array.from({ length: 100 }, (): Packet => ({ cmd: 'pingreq' })),
    publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 0),
  );
  await soon(() => raw.isClosed, 'the connection to end');
  await soon(() => world.arrivals.length === 2, 'the press behind it');
  expect(raw.received.map(({ cmd }) => cmd)).not.toContain('puback');
});

test('an alarm of QoS 0, which nobody repeats, is offered to the door again until it is durable', async () => {
  const world = await startWorld();
  let failures = 2;
  world.door = () => (failures-- > 0 ? Promise.reject(new Error('no disk')) : Promise.resolve());
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 0));
  await soon(() => world.arrivals.length === 3, 'the third attempt');
  expect(raw.isClosed).toBe(false);
});

test('the door that throws instead of refusing takes nothing with it', async () => {
  const world = await startWorld({
    door: {
      accept: () => {
        throw new Error('bug');
      },
    },
  });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await soon(() => raw.isClosed, 'the connection to end');
  expect(world.link.health().status).toBe('ok');
});

test('alarms that hang at the door hold up neither later alarms of that device, nor its pings, nor other devices', async () => {
  const world = await startWorld();
  world.door = ({ message }) =>
    message.id?.startsWith('hang') === true ? new Promise(() => undefined) : Promise.resolve();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], { keepalive: 60 });
  const hanging = Array.from({ length: 20 }, (_, i) =>
    publishPacket('zj/v1/d1/alarm', JSON.stringify({ type: 'sos', id: `hang-${i}` }), 1, i + 1),
  );
  raw.send(...hanging);
  await soon(() => world.arrivals.length === 20, 'all of them at the door');
  raw.send({ cmd: 'pingreq' });
  await raw.next('pingresp');
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos","id":"later"}', 1, 100));
  expect(await raw.next('puback')).toMatchObject({ messageId: 100 });
  const other = await world.client({ username: 'd2', password: SECRETS['d2'] ?? '' });
  await other.publishAsync('zj/v1/d2/alarm', '{"type":"sos"}', { qos: 1 });
});

test('a device whose alarms hang beyond its bound is not read further, and is read again when they settle', async () => {
  const world = await startWorld({ limits: { inFlightBytesPerConnection: 8 * 1024 } });
  const durable = held();
  world.door = () => durable.promise;
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  for (let i = 0; i < 100; i++) raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, i + 1));
  await soon(() => world.arrivals.length >= 7, 'some at the door');
  await delay(100);
  expect(world.arrivals.length).toBeLessThan(12);
  expect(world.link.health().inFlightBytes).toBeLessThan(12 * 1024);
  durable.resolve();
  await soon(() => raw.received.length === 100, 'every acknowledgement');
  expect(world.link.health().inFlightBytes).toBe(0);
});

test('the bound on all of them leaves a device with nothing at the door untouched', async () => {
  const world = await startWorld({ limits: { inFlightBytes: 4 * 1024 } });
  world.door = ({ deviceId }) => (deviceId === 'd1' ? new Promise(() => undefined) : Promise.resolve());
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  for (let i = 0; i < 50; i++) raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, i + 1));
  await soon(() => world.arrivals.length >= 3, 'the bound to be reached');
  const other = await world.client({ username: 'd2', password: SECRETS['d2'] ?? '' });
  await other.publishAsync('zj/v1/d2/alarm', '{"type":"sos"}', { qos: 1 });
});

test('the same packet id again, with and without DUP, comes to the door every time', async () => {
  for (const qos of [1, 2] as const) {
    const world = await startWorld();
    const raw = await world.raw();
    await raw.connectAs('d1', SECRETS['d1']);
    const packet = publishPacket('zj/v1/d1/alarm', '{"type":"sos","id":1}', qos, 5);
    raw.send(packet, { ...packet, dup: true }, { ...packet, payload: '{"type":"fall"}' });
    await soon(() => raw.received.length === 3, 'three answers');
    expect(world.arrivals.map(({ message }) => message.type)).toEqual(['sos', 'sos', 'fall']);
  }
});

test('CONNECT, alarm and DISCONNECT in one write, and the line drops: the alarm rings', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  raw.send(connectPacket('d1', SECRETS['d1']), publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 0), {
    cmd: 'disconnect',
  });
  raw.socket.destroySoon();
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
});

test('a hundred alarms behind CONNECT, before its answer, are all taken and answered after it', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  const alarms = Array.from({ length: 100 }, (_, i) => publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, i + 1));
  raw.send(connectPacket('d1', SECRETS['d1']), ...alarms);
  await soon(() => raw.received.length === 101, 'CONNACK and every PUBACK');
  expect(raw.received[0]?.cmd).toBe('connack');
});

test('a client that has closed its half still gets the acknowledgement that it is owed', async () => {
  const world = await startWorld();
  const durable = held();
  world.door = () => durable.promise;
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, 3));
  raw.socket.end();
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
  await delay(50);
  durable.resolve();
  await raw.next('puback');
  await soon(() => raw.isClosed, 'the connection to end');
});

test('stopping lets an alarm at the door be acknowledged first', async () => {
  const world = await startWorld({ limits: { stopGraceMs: 5000 } });
  const durable = held();
  world.door = () => durable.promise;
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
  const stopped = world.link.stop();
  durable.resolve();
  await raw.next('puback');
  await stopped;
});

test('stopping takes along what had been sent by then and waits for its turn', async () => {
  const world = await startWorld({ limits: { stopGraceMs: 5000 } });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(
    ...Array.from({ length: 3000 }, (): Packet => ({ cmd: 'pingreq' })),
    publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 0),
  );
  await raw.next('pingresp');
  await world.link.stop();
  expect(world.arrivals).toHaveLength(1);
});

test('more than a thousand alarms of QoS 2 on one connection, their handshakes open or done, are all answered', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  const count = 2500;
  for (let id = 1; id <= count; id++) {
    raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 2, id));
    if (id % 2 === 0) raw.send({ cmd: 'pubrel', messageId: id });
  }
  await soon(() => raw.received.length === count * 1.5, 'every PUBREC and PUBCOMP');
  expect(world.arrivals).toHaveLength(count);
});
