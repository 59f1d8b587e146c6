import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Resident } from '../../gateway/api/contract/registry.ts';
import { comeOnDuty, type Attendance } from './world/attendance.ts';
import type { Feed } from './world/feed.ts';
import { hire, type Operator } from './world/operator.ts';
import { addDevice, localClient } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const LEASE_MS = 2000;
const EAST = 'city/east';
const WEST = 'city/west';

let world: World;
let west: Operator;
let westFeed: Feed;
beforeAll(async () => {
  world = await openWorld({ env: { ZHUJI_PRESENCE_S: String(LEASE_MS / 1000) } });
  west = await hire(world.gateway, world.admin, { username: 'west', regions: [WEST] });
  await comeOnDuty(west);
  westFeed = await west.listen();
  // Whoever made all this is not there any more.
  await delay(2 * LEASE_MS);
});

/** A resident of the east with a device that was pressed just now. */
async function pressInTheEast(name: string) {
  const { residentId, ...device } = await addDevice(world.gateway, { name, region: EAST });
  const { incident } = await pressAndSee(world.feed, device, { type: 'sos' });
  const resident = await localClient(world.gateway).request<Resident>('GET', `/residents/${residentId ?? ''}`);
  return { id: incident.id, resident, device };
}

const statusOf = async (operator: Operator, path: string) => (await operator.ask('GET', path)).status;

test('nobody of the region is there: it rings in the next one, with name, address and the right to act', async () => {
  const before = (await west.list()).asOf ?? '';
  const { id, resident, device } = await pressInTheEast('孙奶奶');
  const rang = await westFeed.until(({ incident }) => incident.id === id && incident.forAll, 'the case in the west');
  expect(rang.incident).toMatchObject({ region: EAST, ringing: true, residentId: resident.id });
  expect((await west.list()).items.map((item) => item.id)).toContain(id);
  expect(await west.detail(id)).toMatchObject({ id, forAll: true });
  // A console that was away at that moment finds it when it comes back.
  const resumed = await west.listen({ after: before });
  await resumed.until(({ incident }) => incident.id === id, 'the case after a break');

  const files = [`/residents/${resident.id}`, `/homes/${resident.homeId}`, `/devices/${device.deviceId}`];
  for (const path of files) expect(await statusOf(west, path), path).toBe(200);
  // No list leads there, and no other file of the east.
  expect(await west.get('/residents')).toMatchObject({ items: [] });
  expect(await west.get('/residents?q=孙奶奶')).toMatchObject({ items: [] });
  const neighbour = await addDevice(world.gateway, { name: '邻居', region: EAST });
  expect(await statusOf(west, `/residents/${neighbour.residentId ?? ''}`)).toBe(404);

  expect(await west.act(id, 'claim', {})).toMatchObject({ owner: { id: west.user.id } });
  await west.act(id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  await westFeed.until(({ incident }) => incident.id === id && incident.state === 'resolved', 'its end in the west');
  for (const path of files) expect(await statusOf(west, path), path).toBe(404);
});

test('somebody of the region is there: others see it from the moment on that it rings at everybody', async () => {
  const east = await hire(world.gateway, world.admin, { username: 'east', regions: [EAST] });
  const console: Attendance = await comeOnDuty(east);
  const { id, resident } = await pressInTheEast('钱爷爷');
  await delay(1000);
  expect(westFeed.incidents.filter(({ incident }) => incident.id === id)).toEqual([]);
  expect((await west.list()).items.map((item) => item.id)).not.toContain(id);
  expect(await statusOf(west, `/incidents/${id}`)).toBe(404);
  expect((await west.tryTo(id, 'claim', {})).status).toBe(404);
  expect(await statusOf(west, `/residents/${resident.id}`)).toBe(404);

  // Nobody acts: after 15 s it rings at all who are logged in.
  const rang = await westFeed.until(({ incident }) => incident.id === id, 'the case in the west', 60_000);
  expect(rang.incident).toMatchObject({ forAll: true, circles: expect.arrayContaining(['operators']) });
  expect((await west.detail(id)).log.map(({ type }) => type)).toContain('opened');
  expect(await statusOf(west, `/homes/${resident.homeId}`)).toBe(200);
  console.fallSilent();
});

test('what lies in no region is seen by everybody, and stands in no list of a region', async () => {
  const { incident } = await pressAndSee(westFeed, await addDevice(world.gateway), { type: 'sos' });
  expect(incident).toMatchObject({ region: null, forAll: true });
  expect((await west.list()).items.map(({ id }) => id)).toContain(incident.id);
  const { id } = await pressInTheEast('周奶奶');
  const listed = async (region: string) =>
    (await world.operator.list(`region=${encodeURIComponent(region)}`)).items.map((item) => item.id);
  expect(await listed(EAST)).toContain(id);
  expect(await listed('city')).toContain(id);
  expect(await listed(WEST)).not.toContain(id);
  for (const region of [EAST, WEST, 'city']) expect(await listed(region)).not.toContain(incident.id);
  expect(await listed('*')).toEqual(expect.arrayContaining([id, incident.id]));
});
