import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connectPacket, publishPacket, SECRETS, soon, startWorld } from './world.ts';

test('a client id displaces only a connection of the same user and the same standing', async () => {
  const world = await startWorld();
  const same = { clientId: 'same' };
  const [first, other, thief, nobody] = [await world.raw(), await world.raw(), await world.raw(), await world.raw()];
  await first.connectAs('d1', SECRETS['d1'], same);
  await other.connectAs('d2', SECRETS['d2'], same);
  await thief.connectAs('d1', 'wrong', same);
  await nobody.connectAs(undefined, undefined, same);
  await delay(50);
  expect([first, other, thief, nobody].map((client) => client.isClosed)).toEqual([false, false, false, false]);

  const again = await world.raw();
  await again.connectAs('d1', SECRETS['d1'], same);
  await soon(() => first.isClosed, 'the displaced connection to end');
  expect([other, thief, nobody, again].map((client) => client.isClosed)).toEqual([false, false, false, false]);
  again.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await again.next('puback');
});

test('alarms that nobody acknowledges are kept although the device reconnects before they are handed over', async () => {
  const world = await startWorld({ limits: { inFlightBytesPerConnection: 4096 } });
  const [first, again] = [await world.raw(), await world.raw()];
  await first.connectAs('d1', SECRETS['d1'], { clientId: 'same' });
  const alarms = Array.from({ length: 50 }, (_, n) => publishPacket('zj/v1/d1/alarm', `{"type":"sos","id":"${n}"}`, 0));
  const waiting: (() => void)[] = [];
  let isOpen = false;
  world.door = () => (isOpen ? Promise.resolve() : new Promise((resolve) => void waiting.push(resolve)));
  first.send(...alarms);
  await soon(() => world.arrivals.length > 0, 'the first alarm');
  await again.connectAs('d1', SECRETS['d1'], { clientId: 'same' });
  await soon(() => first.isClosed, 'the displaced connection to end');
  isOpen = true;
  for (const go of waiting) go();
  await soon(() => world.arrivals.length === alarms.length, 'all of them');
  await soon(() => world.link.health().connections === 1, 'one connection to be left');
});

test('a device that reconnects ten times at once ends with one connection that works', async () => {
  const world = await startWorld();
  const all = await Promise.all(Array.from({ length: 10 }, () => world.raw()));
  for (const raw of all) raw.send(connectPacket('d1', SECRETS['d1'], { clientId: 'same' }));
  await soon(() => all.filter((raw) => !raw.isClosed).length === 1, 'one to be left');
  const left = all.find((raw) => !raw.isClosed);
  await left?.next('connack');
  left?.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await left?.next('puback');
  expect(world.link.health().connections).toBe(1);
});

test.each([
  '__proto__',
  'constructor',
  '#',
  '+/+',
  'a/b',
  '$SYS/x',
  'x'.repeat(60_000),
  '\u0001',
  '漢'.repeat(100),
  "'; drop table",
])('the client id %.20s is accepted', async (clientId) => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], { clientId });
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await raw.next('puback');
});

test('no client id is a client of its own, and two such do not displace each other', async () => {
  const world = await startWorld();
  const [one, two] = [await world.raw(), await world.raw()];
  await one.connectAs('d1', SECRETS['d1'], { clientId: '' });
  await two.connectAs('d1', SECRETS['d1'], { clientId: '' });
  await delay(50);
  expect([one.isClosed, two.isClosed]).toEqual([false, false]);
});

test('no client id with a session to keep gets CONNACK 2, as MQTT 3.1.1 §3.1.3.1 asks', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  // The packet writer refuses it, so byte by byte: "MQTT" 4, flags 0, keep-alive 0, empty client id.
  raw.socket.write(Buffer.from([0x10, 12, 0, 4, 0x4d, 0x51, 0x54, 0x54, 4, 0, 0, 0, 0, 0]));
  expect(await raw.next('connack')).toMatchObject({ returnCode: 2 });
  await soon(() => raw.isClosed, 'the end');
});

test('MQTT 5 is refused with CONNACK 1, and displaces nobody', async () => {
  const world = await startWorld();
  const [old, modern] = [await world.raw(), await world.raw()];
  await old.connectAs('d1', SECRETS['d1'], { clientId: 'same' });
  modern.send(connectPacket('d1', SECRETS['d1'], { clientId: 'same', protocolVersion: 5 }));
  expect(await modern.next('connack')).toMatchObject({ returnCode: 1 });
  await soon(() => modern.isClosed, 'the end');
  expect(old.isClosed).toBe(false);
});

test('connects and disconnects are told with their standing', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', 'wrong');
  raw.socket.destroy();
  await soon(() => world.contacts.includes('disconnected d1 unverified'), 'the disconnect');
  expect(world.contacts).toContain('connected d1 unverified');
});
