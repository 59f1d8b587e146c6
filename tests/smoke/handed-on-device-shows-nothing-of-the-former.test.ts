import { beforeAll, expect, test } from 'vitest';
import type { Device, DeviceBinding, DeviceCreated, Resident } from '../../gateway/api/contract/registry.ts';
import { connectDevice, type Credentials } from './world/device.ts';
import { hire, type Operator } from './world/operator.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

type Wearer = { readonly residentId: string; readonly homeId: string };

/** A person with a home and a contact, all of whose words begin with the mark. */
async function addWearer(mark: string, region: string): Promise<Wearer> {
  const { id, homeId } = await world.admin.post<Resident>('/residents', {
    name: `${mark}-name`,
    region,
    address: `${mark}-address`,
    speech: `${mark}-speech`,
    health: `${mark}-health`,
    contacts: [{ name: `${mark}-contact`, number: '+8613900000001' }],
  });
  return { residentId: id, homeId };
}

async function addDevice(body: Record<string, unknown>): Promise<Credentials> {
  const added = await world.admin.post<DeviceCreated>('/devices', { model: 'generic-pendant', ...body });
  const { username, password } = added;
  return { deviceId: added.id, username, password, mqttUrl: world.gateway.mqttUrl };
}

async function handOn({ deviceId }: Credentials, body: Record<string, unknown>): Promise<Device> {
  const { status, body: device } = await world.admin.ask<Device>('PUT', `/devices/${deviceId}/binding`, body);
  expect(status).toBe(200);
  return device;
}

/** Everything that somebody with a region can read about a case and what stands beside it. */
async function readAll(operator: Operator, incidentId: string, deviceId: string): Promise<string> {
  const detail = await operator.detail(incidentId);
  const seen: unknown[] = [
    detail,
    (await operator.list('state=all')).items,
    await operator.get(`/devices/${deviceId}`),
  ];
  for (const path of ['/residents', '/homes', '/devices', '/residents?q=former', `/residents?q=${deviceId}`]) {
    seen.push(await operator.get(path));
  }
  return JSON.stringify(seen);
}

test('a press of the next wearer is a case of its own, in which nothing of the former stands', async () => {
  const { gateway, admin, feed } = world;
  const former = await addWearer('former', 'test-city/old');
  const device = await addDevice({ residentIds: [former.residentId], place: 'former-place' });
  const message = '{"type":"sos","id":"1"}';
  // A case that nobody on duty can see is shown to everybody; this one is seen by whom it concerns.
  expect((await world.operator.ask('PUT', '/duty', { on: true, sound: true })).status).toBeLessThan(300);
  const old = await pressAndSee(feed, device, message);
  expect(old.incident).toMatchObject({ ...former, state: 'open' });

  const next = await addWearer('next', 'test-city/new');
  const bound = await handOn(device, { residentIds: [next.residentId] });
  expect(bound).toMatchObject({
    homeId: next.homeId,
    residentIds: [next.residentId],
    place: null,
    lastContactAt: null,
  });

  // The very same bytes within seconds: of the same wearer they would be the same cry once more.
  const fresh = await pressAndSee(feed, device, message);
  expect(fresh).toMatchObject({
    entry: { type: 'opened' },
    incident: { ...next, presses: 1, ringing: true, flags: [] },
  });
  const operator = await hire(gateway, admin, { username: 'new-street', regions: ['test-city/new'] });
  const seen = await readAll(operator, fresh.incident.id, device.deviceId);
  expect(seen).toContain('next-health');
  for (const secret of ['former', former.residentId, former.homeId, old.incident.id])
    expect(seen).not.toContain(secret);
  expect((await operator.tryTo(old.incident.id, 'claim', {})).status).toBe(404);

  expect(await world.operator.detail(old.incident.id)).toMatchObject({ ...former, state: 'open', presses: 1 });
});

test('the former wearer’s case is told to nobody’s ear', async () => {
  const { operator, feed } = world;
  const former = await addWearer('former', 'test-city/old');
  const next = await addWearer('next', 'test-city/new');
  const device = await addDevice({ residentIds: [former.residentId] });
  const topic = `zj/v1/${device.deviceId}/feedback`;
  const worn = await connectDevice(device, { clean: false, clientId: 'pendant' });
  await worn.subscribe(topic);
  const old = await pressAndSee(feed, device, '{"type":"sos"}');
  // While it is away an answer waits for it; then it gets another wearer.
  worn.cut();
  await operator.act(old.incident.id, 'claim', {});
  await handOn(device, { residentIds: [next.residentId] });
  const handedOn = await connectDevice(device, { clean: false, clientId: 'pendant' });
  await handedOn.subscribe(topic);
  await operator.act(old.incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });

  const fresh = await pressAndSee(feed, device, '{"type":"sos"}');
  await feed.until(
    ({ entry }) => entry.type === 'received' && entry.data['alarmId'] !== old.entry.data['alarmId'],
    'it',
  );
  await operator.act(fresh.incident.id, 'claim', {});
  const told = () => handedOn.messages.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  await expect.poll(() => told().some(({ stage }) => stage === 'claimed'), { timeout: 30_000 }).toBe(true);
  expect(new Set(told().map(({ incidentId }) => incidentId))).toEqual(new Set([fresh.incident.id]));
});

test('a device of a home goes on without the open case of the home before, also in quarantine and with a flat battery', async () => {
  const { feed } = world;
  const former = await addWearer('former', 'test-city/old');
  const next = await addWearer('next', 'test-city/new');
  const device = await addDevice({ homeId: former.homeId });
  const cries = [
    ['{"type":"sos","id":"a"}', {}],
    ['{"type":"sos","id":"b"}', { password: 'wrong' }],
    ['{"type":"low-battery"}', {}],
  ] as const;
  const before = [];
  for (const [text, options] of cries) before.push((await pressAndSee(feed, device, text, options)).incident);
  await handOn(device, { homeId: next.homeId, residentIds: [] });
  for (const [text, options] of cries) {
    const { entry, incident } = await pressAndSee(feed, device, text, options);
    expect(entry.type).toBe('opened');
    expect(incident).toMatchObject({ homeId: next.homeId, candidates: [next.residentId], presses: 1 });
    expect(before.map(({ id }) => id)).not.toContain(incident.id);
  }
});

test('the history of a device is kept, and shown to whom it concerns', async () => {
  const { gateway, admin } = world;
  const former = await addWearer('former', 'test-city/old');
  const next = await addWearer('next', 'test-city/new');
  const device = await addDevice({ residentIds: [former.residentId] });
  await handOn(device, { residentIds: [next.residentId], place: 'hall' });
  // Hung elsewhere in the same home, it is the same wearer's.
  const placed = await handOn(device, { residentIds: [next.residentId], place: 'bedroom' });
  const path = `/devices/${device.deviceId}/bindings`;
  const { items } = await admin.get<{ items: DeviceBinding[] }>(path);
  expect(items).toMatchObject([
    { number: 2, ...{ residentIds: [next.residentId], homeId: next.homeId, place: 'bedroom', until: null } },
    { number: 1, ...{ residentIds: [former.residentId], homeId: former.homeId, until: placed.boundFrom } },
  ]);
  const street = await hire(gateway, admin, { username: 'street-admin', roles: ['admin'], regions: ['test-city/new'] });
  expect((await street.get<{ items: DeviceBinding[] }>(path)).items).toHaveLength(1);
  const operator = await hire(gateway, admin, { username: 'reads-only', regions: ['test-city/new'] });
  expect((await operator.ask('GET', path)).status).toBe(403);
});

test('recorded as in hospital, dead or gone, she rings with everything, and the case says what is recorded', async () => {
  const { admin, operator, feed } = world;
  for (const kind of ['hospital', 'moved', 'deceased', 'service-ended']) {
    const wearer = await addWearer('status', 'test-city/status');
    const device = await addDevice({ residentIds: [wearer.residentId] });
    const from = '2026-01-02T03:04:05.000Z';
    const path = `/residents/${wearer.residentId}`;
    expect((await admin.ask('PUT', `${path}/status`, { kind, from, note: 'ward 7' })).status).toBe(200);
    const rang = await pressAndSee(feed, device, '{"type":"sos"}');
    expect(rang.incident).toMatchObject({ priority: 1, state: 'open', ringing: true, residentId: wearer.residentId });
    expect(await operator.get(path)).toMatchObject({ status: { kind, from, until: null, note: 'ward 7' } });
    const { log } = await operator.detail(rang.incident.id);
    const opened = log.find(({ type }) => type === 'opened');
    expect(opened?.data).toMatchObject({ residentStatus: { kind, since: from } });
  }
});
