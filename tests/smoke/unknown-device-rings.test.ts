import { beforeAll, expect, test } from 'vitest';
import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import { until } from '../harness/until.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { hire } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

let time: TimeMachine;
let world: World;
beforeAll(async () => {
  time = await timeMachine('wall');
  world = await openWorld({ env: time.env });
});

let lastAddress = 1;
/** Of one address only five unknown names stand apart, so each test has its own. */
function newAddress(): string {
  lastAddress += 1;
  return `127.0.0.${lastAddress}`;
}

function stranger(deviceId: string): Credentials {
  return { deviceId, username: deviceId, password: 'whatever', mqttUrl: world.gateway.mqttUrl };
}

const UNKNOWN = { flags: ['unregistered', 'no-resident'], homeId: null, residentId: null, region: null };

test.each([
  ['a name of its own', {}],
  ['no password', { password: null }],
  ['no name at all', { username: null, password: null }],
  ['an empty name', { username: '', password: null }],
  ['another name that nobody knows', { username: 'somebody-else' }],
] as const)('a device that nobody registered, connected with %s, is acknowledged and rings', async (name, options) => {
  const deviceId = `ghost-${name.replaceAll(' ', '-')}`;
  for (const qos of [0, 1, 2] as const) {
    const from = newAddress();
    const rang = await pressAndSee(world.feed, stranger(deviceId), `{"type":"sos","text":"${qos}"}`, {
      ...options,
      qos,
      from,
    });
    expect(rang.incident).toMatchObject({ deviceId, type: 'sos', priority: 1, state: 'open', ringing: true });
    // Whoever speaks for another is unverified, known or not.
    const flags =
      'username' in options && options.username === 'somebody-else' ? ['unverified', 'no-resident'] : UNKNOWN.flags;
    expect(rang.incident).toMatchObject({ ...UNKNOWN, flags, presses: qos + 1 });
  }
});

test('each unknown name has a case of its own, and its second press rings in it', async () => {
  const from = newAddress();
  const one = await pressAndSee(world.feed, stranger('one'), '{"type":"sos"}', { from });
  const two = await pressAndSee(world.feed, stranger('two'), '{"type":"sos"}', { from });
  expect(one.incident.id).not.toBe(two.incident.id);
  const again = await pressAndSee(world.feed, stranger('one'), '{"type":"sos","id":"2"}', { from });
  expect(again.incident).toMatchObject({ id: one.incident.id, presses: 2, ringing: true });
});

test('it is worked on like any other, and needs contact', async () => {
  const { operator, feed } = world;
  const { incident } = await pressAndSee(feed, stranger('worked-on'), '{"type":"sos"}', { from: newAddress() });
  await operator.act(incident.id, 'claim', {});
  expect(await operator.tryTo(incident.id, 'resolve', { outcome: 'other' })).toMatchObject({ status: 422 });
  await operator.act(incident.id, 'resolve', { outcome: 'helped', contact: 'seen-by', name: '物业' });
});

test('because it is in no region, every operator sees it', async () => {
  const { gateway, admin, feed } = world;
  const far = await hire(gateway, admin, { username: 'far', regions: ['wenzhou/lucheng'] });
  const farFeed = await far.listen();
  const { incident } = await pressAndSee(feed, stranger('nowhere'), '{"type":"sos"}', { from: newAddress() });
  await farFeed.until((item) => item.incident.id === incident.id, 'the ring in another region');
  expect((await far.list()).items.map(({ id }) => id)).toContain(incident.id);
  expect(await far.act(incident.id, 'claim', {})).toMatchObject({ owner: { id: far.user.id } });
});

test('a name that no register can hold is an alarm under a name that stands for it', async () => {
  const { feed, gateway } = world;
  for (const name of ['老王 "; DROP', '<b>x', 'x'.repeat(300)]) {
    const seen = new Set(feed.incidents);
    await pressOnce({ ...stranger(name), mqttUrl: gateway.mqttUrl }, '{"type":"sos"}', {
      from: newAddress(),
      clientId: 'c',
    });
    const rang = await feed.until(
      (item) => !seen.has(item) && item.entry.type === 'opened' && item.incident.type === 'sos',
      'the ring',
    );
    expect(rang.incident).toMatchObject({
      ...UNKNOWN,
      deviceId: expect.stringMatching(/^invalid\.[0-9a-f]{16}$/),
      ringing: true,
    });
  }
});

test('once it is registered its press is its own, verified case; the first stays open', async () => {
  const { admin, operator, gateway, feed } = world;
  const before = await pressAndSee(feed, stranger('late-comer'), '{"type":"sos"}', { from: newAddress() });
  const home = await addDevice(gateway, { name: '冯奶奶' });
  const added = await admin.post<DeviceCreated>('/devices', {
    id: 'late-comer',
    model: 'generic-pendant',
    residentIds: [home.residentId],
  });
  const known: Credentials = {
    deviceId: added.id,
    username: added.id,
    password: added.password,
    mqttUrl: gateway.mqttUrl,
  };
  const after = await pressAndSee(feed, known, '{"type":"sos"}');
  expect(after).toMatchObject({ entry: { type: 'opened' }, incident: { flags: [], residentId: home.residentId } });
  expect(after.incident.id).not.toBe(before.incident.id);
  expect(await operator.detail(before.incident.id)).toMatchObject({ state: 'open', ringing: true });
});

test('a device whose service ended rings, marked as retired', async () => {
  const { admin, gateway, feed } = world;
  const device = await addDevice(gateway, { name: '冯奶奶' });
  expect(await admin.ask('DELETE', `/devices/${device.deviceId}`)).toMatchObject({ status: 204 });
  const rang = await pressAndSee(feed, device, '{"type":"sos"}');
  expect(rang.incident).toMatchObject({ type: 'sos', state: 'open', ringing: true });
  expect(rang.incident.flags).toContain('retired');
});

test('beyond five unknown names of one address in ten minutes they ring together; a registered one never does', async () => {
  const { gateway, feed } = world;
  const from = newAddress();
  const cases: string[] = [];
  for (let n = 0; n < 9; n += 1) {
    const rang = await pressAndSee(feed, stranger(`flood-${n}`), '{"type":"sos"}', { from });
    expect(rang.incident.ringing).toBe(true);
    cases.push(rang.incident.id);
  }
  expect(new Set(cases.slice(0, 6)).size).toBe(6);
  expect(new Set(cases.slice(5)).size).toBe(1);
  const device = await addDevice(gateway, { name: '冯奶奶' });
  const known = await pressAndSee(feed, device, '{"type":"sos"}', { from });
  expect(known).toMatchObject({ entry: { type: 'opened' }, incident: { flags: [], presses: 1 } });
  const wrong = await pressAndSee(feed, device, '{"type":"sos"}', { from, password: 'wrong' });
  expect(wrong).toMatchObject({ entry: { type: 'opened' }, incident: { presses: 1 } });

  await time.fastForward(11 * 60_000);
  const later = await pressAndSee(feed, stranger('flood-later'), '{"type":"sos"}', { from });
  expect(cases).not.toContain(later.incident.id);
});

test('a device that was connected before it was added is heard as itself soon after', async () => {
  const id = 'early-bird';
  const early = await connectDevice(stranger(id));
  expect(await early.press({ type: 'sos' })).toBe(true);
  const device = await addDevice(world.gateway, { id, name: '早到奶奶' });
  await until(() => early.isClosed(), { timeoutMs: 30_000, what: 'the end of the connection of a stranger' });
  const { incident } = await pressAndSee(world.feed, device, { type: 'sos' });
  expect(incident).toMatchObject({ residentId: device.residentId, flags: [] });
});
