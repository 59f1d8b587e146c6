import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import type { Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { createMqttLink } from '../../../../devices/links/mqtt/mqtt-link.ts';
import { connectPacket, publishPacket, SECRETS, soon, startWorld } from './world.ts';

const BOUND = 65_536;

test.each([0, 1, 2] as const)('an oversized alarm of QoS %i is raised from its first 64 KiB', async (qos) => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  const payload = Buffer.from('{"type":"fall"}'.padEnd(300_000));
  raw.send(publishPacket('zj/v1/d1/alarm', payload, qos, 4), { cmd: 'pingreq' });
  await raw.next('pingresp');
  if (qos > 0) expect(await raw.next(qos === 1 ? 'puback' : 'pubrec')).toMatchObject({ messageId: 4 });
  expect(world.arrivals[0]?.message).toEqual({
    kind: 'alarm',
    type: 'unknown',
    faults: [{ code: 'oversized', path: '' }],
  });
  expect(Buffer.from(world.arrivals[0]?.raw ?? []).equals(payload.subarray(0, BOUND))).toBe(true);
  expect(world.link.health().counters.payloadsCut).toBe(1);
});

test('an oversized alarm rings while the rest of it is still being sent', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  const header = Buffer.concat([
    Buffer.from([0x32, 0x80, 0x84, 0xaf, 0x5f]),
    Buffer.from([0, 14]),
    Buffer.from('zj/v1/d1/alarm'),
    Buffer.from([0, 9]),
  ]);
  raw.socket.write(Buffer.concat([header, Buffer.alloc(BOUND, 0x20)]));
  expect(await raw.next('puback')).toMatchObject({ messageId: 9 });
  expect(world.arrivals).toHaveLength(1);
});

test('garbage on the alarm topic is an alarm each time, with its bytes', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  const garbage = [
    Buffer.alloc(0),
    Buffer.from([0xff, 0xfe, 0x00]),
    Buffer.from('SOS'),
    Buffer.from('[]'),
    Buffer.from('{"type":'),
    Buffer.from('{"type":{"$gt":""}}'),
    Buffer.from('['.repeat(60_000)),
    Buffer.from(`{"type":"sos","text":"'; drop table incidents; -- <script>alert(1)</script>"}`),
    Buffer.from('{"type":"sos","at":"9999-99-99T99:99:99Z","location":{"lat":"x"}}'),
  ];
  garbage.forEach((payload, i) => raw.send(publishPacket('zj/v1/d1/alarm', payload, 1, i + 1)));
  await soon(() => raw.received.length === garbage.length, 'every acknowledgement');
  expect(world.arrivals.map(({ raw: bytes }) => Buffer.from(bytes))).toEqual(garbage);
});

test('raw garbage on the socket ends that connection and nothing else', async () => {
  const world = await startWorld();
  const good = await world.raw();
  await good.connectAs('d1', SECRETS['d1']);
  const inputs = [
    ...fc.sample(fc.uint8Array({ minLength: 1, maxLength: 400 }), 150).map((bytes) => Buffer.from(bytes)),
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]),
    Buffer.from([0x10, 0]),
    Buffer.from([0x10, 2, 0, 4]),
    Buffer.from([0xc0, 0]),
  ];
  await Promise.all(
    inputs.map(async (bytes) => {
      const socket = connectTcp(world.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      socket.end(bytes);
      await new Promise((resolve) => socket.once('close', resolve));
    }),
  );
  good.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await good.next('puback');
  await soon(() => world.link.health().connections === 1, 'the others to be gone');
});

test('garbage behind a good CONNECT, of every packet type, ends that connection and nothing else', async () => {
  const world = await startWorld();
  const bodies = fc.sample(fc.uint8Array({ maxLength: 60 }), 300);
  await Promise.all(
    bodies.map(async (body, i) => {
      const raw = await world.raw();
      raw.send(connectPacket('d1', SECRETS['d1']));
      await raw.next('connack');
      raw.socket.end(
        Buffer.concat([Buffer.from([(((i % 14) + 1) << 4) | (i % 3 === 0 ? 2 : 0), body.length]), Buffer.from(body)]),
      );
      await soon(() => raw.isClosed, 'the end');
    }),
  );
  const good = await world.raw();
  await good.connectAs('d1', SECRETS['d1']);
  expect(world.link.health().status).toBe('ok');
});

test('an alarm before garbage in the same write rings and is acknowledged', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  raw.socket.write(Buffer.of(0xf0, 1, 2, 3));
  await raw.next('puback');
  await soon(() => raw.isClosed, 'the end');
});

test('a connection that says nothing, or half a packet, is closed after its time', async () => {
  const world = await startWorld({ limits: { connectTimeoutMs: 100, packetTimeoutMs: 100 } });
  const silent = await world.raw();
  await soon(() => silent.isClosed, 'the silent one to be closed');
  const half = await world.raw();
  await half.connectAs('d1', SECRETS['d1']);
  half.socket.write(Buffer.of(0x30, 50, 0));
  await soon(() => half.isClosed, 'the half one to be closed');
  expect(world.logLines.join('')).toContain('slow-packet');
});

test('keep-alive ends a connection that falls silent', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], { keepalive: 1 });
  await soon(() => raw.isClosed, 'the end');
});

test('connections are bounded by address and in all, and strangers make room for newcomers', async () => {
  const byAddress = await startWorld({ limits: { connectionsPerAddress: 3 } });
  const three = [await byAddress.raw(), await byAddress.raw(), await byAddress.raw()];
  const fourth = await byAddress.raw();
  await soon(() => fourth.isClosed, 'the fourth to be refused');
  expect(three.map((raw) => raw.isClosed)).toEqual([false, false, false]);
  expect(byAddress.link.health().counters.refusedConnections).toBe(1);

  const total = await startWorld({ limits: { connections: 2 } });
  const [verified, stranger] = [await total.raw(), await total.raw()];
  await verified.connectAs('d1', SECRETS['d1']);
  await stranger.connectAs('stranger', 'x');
  const newcomer = await total.raw();
  await newcomer.connectAs('d2', SECRETS['d2']);
  await soon(() => stranger.isClosed, 'the stranger to make room');
  const tooMany = await total.raw();
  await soon(() => tooMany.isClosed, 'the next to be refused');
  expect([verified.isClosed, newcomer.isClosed]).toEqual([false, false]);
});

test('a stranger that makes room keeps what it had sent: its press of QoS 0 rings', async () => {
  const world = await startWorld({ limits: { connections: 1 } });
  const stranger = await world.raw();
  await stranger.connectAs('stranger', 'x');
  // Pings first, so that the press still waits for its turn when the newcomer is here.
  stranger.send(
    ...Array.from({ length: 3000 }, (): Packet => ({ cmd: 'pingreq' })),
    publishPacket('zj/v1/stranger/alarm', '{"type":"sos"}', 0),
  );
  await stranger.next('pingresp');
  const newcomer = await world.raw();
  await newcomer.connectAs('d1', SECRETS['d1']);
  await soon(() => world.arrivals.length === 1, 'the press');
  expect(stranger.isClosed).toBe(true);
  expect(world.logLines.join('')).toContain('too-many');
});

test('a stranger with an alarm at the door is not given up for a newcomer', async () => {
  const world = await startWorld({ limits: { connections: 1 } });
  world.door = () => new Promise(() => undefined);
  const stranger = await world.raw();
  await stranger.connectAs('stranger', 'x');
  stranger.send(publishPacket('zj/v1/stranger/alarm', '{"type":"sos"}'));
  await soon(() => world.arrivals.length === 1, 'the alarm at the door');
  const newcomer = await world.raw();
  await soon(() => newcomer.isClosed, 'the newcomer to be refused');
  expect(stranger.isClosed).toBe(false);
});

test('a subscriber that reads nothing is cut at its bound, and alarms go on meanwhile', async () => {
  const world = await startWorld({ limits: { outgoingBytesPerConnection: 256 * 1024 } });
  const stalled = await world.raw();
  await stalled.connectAs('d1', SECRETS['d1']);
  stalled.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'zj/v1/d1/#', qos: 1 }] });
  await stalled.next('suback');
  stalled.socket.pause();
  const other = await world.client({ username: 'd2', password: SECRETS['d2'] ?? '' });
  const payload = Buffer.alloc(16 * 1024);
  await soon(async () => {
    for (let i = 0; i < 50; i++) await world.link.publish('d1', 'feedback', payload);
    await other.publishAsync('zj/v1/d2/alarm', '{"type":"sos"}', { qos: 1 });
    return world.logLines.some((line) => line.includes('not-reading'));
  }, 'the stalled one to be cut');
  await soon(() => world.link.health().connections === 1, 'it to be gone');
});

test('subscribers leave while a thousand devices publish: nothing falls, every alarm is acknowledged', async () => {
  const world = await startWorld();
  const devices = await Promise.all(
    Array.from({ length: 1000 }, async () => {
      const raw = await world.raw();
      await raw.connectAs('d2', SECRETS['d2']);
      return raw;
    }),
  );
  const subscribers = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const raw = await world.raw();
      await raw.connectAs('d1', SECRETS['d1']);
      raw.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'zj/v1/d1/#', qos: 1 }] });
      await raw.next('suback');
      return raw;
    }),
  );
  for (let round = 0; round < 10; round++) {
    for (const raw of devices) raw.send(publishPacket('zj/v1/d2/alarm', '{"type":"sos"}', 1, round + 1));
    for (let i = 0; i < 200; i++) await world.link.publish('d1', 'feedback', Buffer.alloc(200));
    subscribers[round * 2]?.socket.destroy();
    subscribers[round * 2 + 1]?.socket.resetAndDestroy();
  }
  await soon(() => devices.every((raw) => raw.received.length === 10), 'every acknowledgement');
  expect(world.arrivals).toHaveLength(10_000);
});

test('starting twice is one listener, stopping twice is once, and it starts again', async () => {
  const world = await startWorld();
  expect(await world.link.start()).toEqual({ port: world.port });
  await world.link.stop();
  await world.link.stop();
  const { port } = await world.link.start();
  expect(port).toBeGreaterThan(0);
  expect(world.link.health().status).toBe('ok');
});

test('a port in use is named with a code', async () => {
  const world = await startWorld();
  const second = createMqttLink({
    host: '127.0.0.1',
    port: world.port,
    directory: { standingOf: () => 'unregistered' },
    door: { accept: () => Promise.reject(new Error('unused')) },
    contacts: {
      heard: () => undefined,
      connected: () => undefined,
      disconnected: () => undefined,
      dropped: () => undefined,
    },
    logger: (await import('pino')).pino({ level: 'silent' }),
    clock: { nowMs: () => 0 },
    later: setImmediate,
  });
  await expect(second.start()).rejects.toMatchObject({
    code: 'port-in-use',
    message: expect.stringContaining(String(world.port)),
  });
  await second.stop();
});
