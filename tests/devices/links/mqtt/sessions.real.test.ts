import { setTimeout as delay } from 'node:timers/promises';
import type { ISubscribePacket } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { publishPacket, SECRETS, soon, startWorld, type RawClient } from './world.ts';

const subscribe = (...topics: string[]): ISubscribePacket => ({
  cmd: 'subscribe',
  messageId: 1,
  subscriptions: topics.map((topic) => ({ topic, qos: 1 })),
});

const texts = (raw: RawClient) =>
  raw.received.flatMap((packet) => (packet.cmd === 'publish' ? [packet.payload.toString()] : []));

test('a verified device may listen to its own down topics, by name and by wildcard, and to nothing else', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(
    subscribe(
      'zj/v1/d1/feedback',
      'zj/v1/d1/command',
      'zj/v1/d1/#',
      'zj/v1/d1/+',
      'zj/v1/d1/alarm',
      'zj/v1/d2/feedback',
      '#',
      'zj/v1/+/feedback',
      '$SYS/#',
    ),
  );
  expect(await raw.next('suback')).toMatchObject({ granted: [1, 1, 1, 1, 128, 128, 128, 128, 128] });
});

test('in quarantine every subscription is refused with 0x80 and nothing is received', async () => {
  const world = await startWorld();
  for (const [username, password] of [
    ['d1', 'wrong'],
    ['stranger', 'x'],
    [undefined, undefined],
  ] as const) {
    const raw = await world.raw();
    await raw.connectAs(username, password);
    raw.send(subscribe('zj/v1/d1/feedback', 'zj/v1/stranger/feedback', '#'));
    expect(await raw.next('suback')).toMatchObject({ granted: [128, 128, 128] });
    await world.link.publish('d1', 'feedback', Buffer.from('secret'));
    await delay(30);
    expect(raw.received).toEqual([]);
  }
});

test('feedback reaches its device once, also through two filters, and no other device', async () => {
  const world = await startWorld();
  const [one, two] = [await world.raw(), await world.raw()];
  await one.connectAs('d1', SECRETS['d1']);
  await two.connectAs('d2', SECRETS['d2']);
  one.send(subscribe('zj/v1/d1/feedback', 'zj/v1/d1/#'));
  two.send(subscribe('zj/v1/d2/#'));
  await Promise.all([one.next('suback'), two.next('suback')]);
  await world.link.publish('d1', 'feedback', Buffer.from('hello'));
  expect(await one.next('publish')).toMatchObject({ topic: 'zj/v1/d1/feedback', qos: 1, retain: false });
  await delay(30);
  expect([...texts(one), ...texts(two)]).toEqual([]);
});

test('what devices publish is fanned out to nobody, not even to themselves, and nothing is retained', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(subscribe('zj/v1/d1/#'));
  await raw.next('suback');
  raw.send({ ...publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'), retain: true });
  raw.send({ ...publishPacket('zj/v1/d1/feedback', 'forged', 1, 2), retain: true });
  await soon(() => raw.received.length === 2, 'both acknowledgements');
  const again = await world.raw();
  await again.connectAs('d1', SECRETS['d1']);
  again.send(subscribe('zj/v1/d1/#'));
  await again.next('suback');
  await delay(50);
  expect([...texts(raw), ...texts(again)]).toEqual([]);
});

test('feedback waits for a device that keeps a session, and is forgotten when it was acknowledged', async () => {
  const world = await startWorld();
  const kept = { clean: false, clientId: 'mine' };
  const before = await world.raw();
  await before.connectAs('d1', SECRETS['d1'], kept);
  before.send(subscribe('zj/v1/d1/feedback'));
  await before.next('suback');
  before.send({ cmd: 'disconnect' });
  await soon(() => before.isClosed, 'the end');
  await world.link.publish('d1', 'feedback', Buffer.from('one'));
  await soon(() => world.link.health().queued === 1, 'the queue');

  const after = await world.raw();
  await after.connectAs('d1', SECRETS['d1'], kept);
  const { messageId } = await after.next('publish');
  after.send({ cmd: 'puback', messageId: messageId ?? 0 });
  await soon(() => world.link.health().queued === 0, 'the queue to be empty');
});

test('a refused filter is not kept either: nobody collects another’s feedback while away', async () => {
  const world = await startWorld();
  const kept = { clean: false, clientId: 'mine' };
  const before = await world.raw();
  await before.connectAs('d1', SECRETS['d1'], kept);
  before.send(subscribe('zj/v1/d1/feedback', 'zj/v1/d2/feedback', '#'));
  await before.next('suback');
  before.send({ cmd: 'disconnect' });
  await soon(() => before.isClosed, 'the end');
  await world.link.publish('d2', 'feedback', Buffer.from('for d2'));
  await world.link.publish('d1', 'feedback', Buffer.from('for d1'));
  const after = await world.raw();
  await after.connectAs('d1', SECRETS['d1'], kept);
  await soon(() => texts(after).length > 0, 'its own');
  await delay(50);
  expect(texts(after)).toEqual(['for d1']);
});

test('the same session id with another secret finds neither the queue nor the subscription', async () => {
  const world = await startWorld();
  const kept = { clean: false, clientId: 'mine' };
  const before = await world.raw();
  await before.connectAs('d1', SECRETS['d1'], kept);
  before.send(subscribe('zj/v1/d1/feedback'));
  await before.next('suback');
  before.socket.destroy();
  await soon(() => world.link.health().connections === 0, 'the end');
  await world.link.publish('d1', 'feedback', Buffer.from('secret'));
  const thief = await world.raw();
  await thief.connectAs('d1', 'wrong', kept);
  await delay(50);
  expect(thief.received).toEqual([]);
});

test('a device that is away for long costs a bounded queue: the oldest go', async () => {
  const world = await startWorld({ limits: { queuedPerSession: 5 } });
  const kept = { clean: false, clientId: 'mine' };
  const before = await world.raw();
  await before.connectAs('d1', SECRETS['d1'], kept);
  before.send(subscribe('zj/v1/d1/feedback'));
  await before.next('suback');
  before.send({ cmd: 'disconnect' });
  await soon(() => before.isClosed, 'the end');
  for (let i = 0; i < 100; i++) await world.link.publish('d1', 'feedback', Buffer.from(String(i)));
  await soon(() => world.link.health().queued === 5, 'the bound');
  const after = await world.raw();
  await after.connectAs('d1', SECRETS['d1'], kept);
  await soon(() => texts(after).length === 5, 'the rest');
  expect(texts(after)).toEqual(['95', '96', '97', '98', '99']);
});

test('a device that keeps a session and acknowledges nothing is not cut when its queue overflows', async () => {
  const world = await startWorld({ limits: { queuedPerSession: 3 } });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], { clean: false, clientId: 'mine' });
  raw.send(subscribe('zj/v1/d1/feedback'));
  await raw.next('suback');
  for (let i = 0; i < 20; i++) await world.link.publish('d1', 'feedback', Buffer.from(String(i)));
  await soon(() => texts(raw).length === 20, 'all of them');
  expect(raw.isClosed).toBe(false);
  expect(world.link.health().queued).toBeLessThanOrEqual(3);
});

test('revoking a secret cuts the device, forgets what waits for it, and leaves others alone', async () => {
  const world = await startWorld();
  const [one, two, thief] = [await world.raw(), await world.raw(), await world.raw()];
  await one.connectAs('d1', SECRETS['d1'], { clean: false, clientId: 'mine' });
  one.send(subscribe('zj/v1/d1/feedback'));
  await one.next('suback');
  await two.connectAs('d2', SECRETS['d2']);
  await thief.connectAs('d1', 'wrong');
  world.link.disconnect('d1');
  await soon(() => one.isClosed, 'the cut');
  await world.link.publish('d1', 'feedback', Buffer.from('late'));
  expect(world.link.health()).toMatchObject({ sessions: 0, queued: 0 });
  // Whoever came under its name is judged anew when they come back.
  expect([two.isClosed, thief.isClosed]).toEqual([false, true]);
});

test('publishing while stopped is refused with a code', async () => {
  const world = await startWorld();
  await world.link.stop();
  await expect(world.link.publish('d1', 'feedback', Buffer.from('x'))).rejects.toMatchObject({ code: 'stopped' });
  expect(world.link.health().status).toBe('failed');
});

test('a device listens from its subscription to feedback on, until its last connection is gone; in quarantine never', async () => {
  const told: string[] = [];
  const world = await startWorld({ listening: (deviceId) => void told.push(deviceId) });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(subscribe('zj/v1/d1/command', 'zj/v1/d2/feedback'));
  await raw.next('suback');
  expect([world.link.isListening('d1'), world.link.isListening('d2'), told]).toEqual([false, false, []]);
  raw.send(subscribe('zj/v1/d1/feedback'));
  await soon(() => told.length === 1, 'the news that it listens');
  expect([world.link.isListening('d1'), told]).toEqual([true, ['d1']]);

  const stranger = await world.raw();
  await stranger.connectAs('d2', 'wrong');
  stranger.send(subscribe('zj/v1/d2/feedback'));
  await stranger.next('suback');
  expect([world.link.isListening('d2'), told]).toEqual([false, ['d1']]);
  raw.socket.destroy();
  await soon(() => !world.link.isListening('d1'), 'the end');
});

test('a device that keeps a session listens also while it is away', async () => {
  const world = await startWorld();
  const client = await world.client({ username: 'd1', password: SECRETS['d1'] ?? '', clientId: 'c', clean: false });
  await client.subscribeAsync('zj/v1/d1/feedback', { qos: 1 });
  await client.endAsync(true);
  await delay(50);
  expect(world.link.isListening('d1')).toBe(true);
});
