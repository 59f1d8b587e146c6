import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const SOS = '{"type":"sos"}';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

/** A registered device and somebody who says to be it. */
async function pair() {
  const genuine = await addDevice(world.gateway, { name: '褚奶奶' });
  const impostor: Credentials = { ...genuine, password: 'guessed' };
  return { genuine, impostor };
}

async function listCasesOf({ deviceId }: Credentials) {
  return (await world.operator.list('state=all')).items.filter((incident) => incident.deviceId === deviceId);
}

test.each([0, 1, 2] as const)('a wrong secret rings, marked unverified, with whom it may be: QoS %i', async (qos) => {
  const { genuine, impostor } = await pair();
  const rang = await pressAndSee(world.feed, impostor, SOS, { qos });
  expect(rang).toMatchObject({ entry: { type: 'opened' }, incident: { state: 'open', ringing: true, priority: 1 } });
  expect(rang.incident.flags).toEqual(['unverified']);
  expect(rang.incident).toMatchObject({ deviceId: genuine.deviceId, residentId: genuine.residentId });
});

test.each([
  ['no secret', { password: null }],
  ['an empty secret', { password: '' }],
  ['the secret of another device', {}],
] as const)('%s is a wrong secret', async (name, options) => {
  const { genuine } = await pair();
  const other = await addDevice(world.gateway);
  const wrong = name.startsWith('the secret') ? { ...genuine, password: other.password } : genuine;
  expect((await pressAndSee(world.feed, wrong, SOS, options)).incident.flags).toEqual(['unverified']);
});

test('it never joins the case of the genuine device, nor the genuine one its', async () => {
  const { genuine, impostor } = await pair();
  const { feed } = world;
  const press = (n: number) => ({ type: 'sos', id: String(n), at: Date.now() });
  const fake = await pressAndSee(feed, impostor, press(1));
  const real = await pressAndSee(feed, genuine, press(2));
  expect(real).toMatchObject({ entry: { type: 'opened' }, incident: { flags: [], ringing: true, presses: 1 } });
  const fakeAgain = await pressAndSee(feed, impostor, press(3));
  const realAgain = await pressAndSee(feed, genuine, press(4));
  expect(fakeAgain.incident).toMatchObject({ id: fake.incident.id, presses: 2, flags: ['unverified'] });
  expect(realAgain.incident).toMatchObject({ id: real.incident.id, presses: 2, flags: [] });
});

test('what it sends first does not make the genuine press a repeat', async () => {
  const { genuine, impostor } = await pair();
  const press = { type: 'sos', id: '7', at: Date.now() };
  await pressAndSee(world.feed, impostor, press);
  const real = await pressAndSee(world.feed, genuine, press);
  expect(real).toMatchObject({ entry: { type: 'opened' }, incident: { flags: [], ringing: true } });
});

test('its cancel and its restored do not reach the genuine case', async () => {
  const { genuine, impostor } = await pair();
  const { incident } = await pressAndSee(world.feed, genuine, { type: 'mains-lost' });
  await pressOnce(impostor, { type: 'restored', of: 'mains-lost' });
  await pressOnce(impostor, { type: 'cancel', of: 'mains-lost' });
  // A press behind them has been decided, so they have been.
  await pressAndSee(world.feed, impostor, SOS);
  const detail = await world.operator.detail(incident.id);
  expect(detail).toMatchObject({ state: 'open', presses: 1, priority: incident.priority });
  expect(detail.alarms).toHaveLength(1);
});

test('a wrong clock in quarantine does not make the genuine clock suspect', async () => {
  const { genuine, impostor } = await pair();
  await pressAndSee(world.feed, impostor, { type: 'sos', id: '1', at: 0 });
  const press = { type: 'sos', id: '1', at: Date.now() };
  await pressAndSee(world.feed, genuine, { ...press, batteryPct: 50 });
  // Another content under the same id and time: a repeat only while the clock is believed.
  expect(await pressAndSee(world.feed, genuine, press)).toMatchObject({ entry: { type: 'repeated' } });
});

test('it may publish, and receives nothing: every subscription is refused', async () => {
  const { genuine, impostor } = await pair();
  const link = await connectDevice(impostor);
  for (const filter of [
    `zj/v1/${genuine.deviceId}/feedback`,
    `zj/v1/${genuine.deviceId}/command`,
    '#',
    'zj/#',
    '+/+/+/+',
  ]) {
    expect(await link.subscribe(filter)).toBe(0x80);
  }
  const real = await connectDevice(genuine, { clientId: 'real' });
  expect(await real.subscribe(`zj/v1/${genuine.deviceId}/feedback`)).toBe(1);
  expect(await link.press(SOS)).toBe(true);
  expect(await real.press(SOS)).toBe(true);
  await until(() => real.messages.length > 0, { timeoutMs: 30_000, what: 'feedback for the genuine device' });
  expect(link.messages).toEqual([]);
  expect(link.isClosed()).toBe(false);
});

test('its vitals and status are acknowledged and count for nothing', async () => {
  const { genuine, impostor } = await pair();
  const link = await connectDevice(impostor);
  const path = `/devices/${genuine.deviceId}`;
  const before = await world.admin.get<{ lastContactAt: string | null }>(path);
  const topic = (name: string) => `zj/v1/${genuine.deviceId}/${name}`;
  expect(await link.publish(topic('vitals'), { readings: [{ metric: 'heart-rate', value: 30 }] })).toBe(true);
  expect(await link.publish(topic('status'), { batteryPct: 100 })).toBe(true);
  expect(await link.publish(topic('feedback'), { stage: 'resolved' })).toBe(true);
  expect(await link.publish('anything/else', 'x')).toBe(true);
  expect(await world.admin.get(path)).toEqual(before);
  const real = await connectDevice(genuine);
  expect(await real.publish(topic('status'), { batteryPct: 100 })).toBe(true);
  const after = await world.admin.get<{ lastContactAt: string | null }>(path);
  expect(after.lastContactAt).not.toBeNull();
});

test('it cannot take the connection of the genuine device, by client id or user name', async () => {
  const { genuine, impostor } = await pair();
  const stranger: Credentials = { ...genuine, username: 'nobody-knows-me', password: 'x' };
  const colleague = await addDevice(world.gateway);
  const real = await connectDevice(genuine, { clientId: 'pendant-1' });
  await real.subscribe(`zj/v1/${genuine.deviceId}/feedback`);
  const others = await Promise.all(
    [impostor, stranger, { ...colleague, mqttUrl: genuine.mqttUrl }].map((who) =>
      connectDevice(who, { clientId: 'pendant-1' }),
    ),
  );
  await delay(200);
  expect(real.isClosed()).toBe(false);
  expect(await real.press(SOS)).toBe(true);
  await until(() => real.messages.length > 0, { timeoutMs: 30_000, what: 'feedback on the connection that stayed' });
  expect(others.map((other) => other.isClosed())).toEqual([false, false, false]);
});

test('the genuine device takes its own stale connection over', async () => {
  const { genuine } = await pair();
  const stale = await connectDevice(genuine, { clientId: 'pendant-1' });
  const fresh = await connectDevice(genuine, { clientId: 'pendant-1' });
  await until(() => stale.isClosed(), { timeoutMs: 30_000, what: 'the end of the stale connection' });
  expect(await fresh.press(SOS)).toBe(true);
});

test('a verified device about another is unverified, in a case of its own', async () => {
  const { genuine } = await pair();
  const other = await addDevice(world.gateway, { name: '卫爷爷' });
  const real = await pressAndSee(world.feed, genuine, SOS);
  const about = await pressAndSee(world.feed, other, SOS, { about: genuine.deviceId });
  expect(about).toMatchObject({
    entry: { type: 'opened' },
    incident: { deviceId: genuine.deviceId, flags: ['unverified'] },
  });
  expect(about.incident.id).not.toBe(real.incident.id);
});

test('its last will rings like a press', async () => {
  const { genuine, impostor } = await pair();
  const will = { topic: `zj/v1/${genuine.deviceId}/alarm`, payload: Buffer.from(SOS), qos: 1, retain: false } as const;
  const link = await connectDevice(impostor, { will });
  link.cut();
  const rang = await world.feed.until(
    ({ entry, incident }) =>
      entry.type === 'opened' && incident.deviceId === genuine.deviceId && incident.type === 'sos',
    'the ring of the will',
  );
  expect(rang.incident.flags).toEqual(['unverified']);
});

test('that a registered device is in quarantine is a technical case at once', async () => {
  const { impostor } = await pair();
  await connectDevice(impostor);
  const found = await until(async () => (await listCasesOf(impostor)).find(({ type }) => type === 'quarantined'), {
    timeoutMs: 30_000,
    what: 'the technical case',
  });
  expect(found).toMatchObject({ priority: 4, state: 'open' });
});
