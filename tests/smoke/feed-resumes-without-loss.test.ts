import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DeviceCreated, Resident } from '../../gateway/api/contract/registry.ts';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { comeOnDuty } from './world/attendance.ts';
import type { Credentials } from './world/device.ts';
import type { Feed, ResumePoint } from './world/feed.ts';
import { hire, logInAsAdmin, type Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const LOG_START = '0-0';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

let counter = 0;
function press() {
  counter += 1;
  return { type: 'sos', id: String(counter), at: Date.now() };
}

/** Every id of every log of every incident, in order: what a feed that lost nothing has told. */
async function listLogIds(person: Operator): Promise<string[]> {
  const { items } = await person.list('state=all');
  const details = await Promise.all(items.map(({ id }) => person.detail(id)));
  return details.flatMap(({ log }) => log.map(({ id }) => id)).toSorted(compareIds);
}

function compareIds(a: string, b: string): number {
  const [aMs = 0, aSeq = 0] = a.split('-').map(Number);
  const [bMs = 0, bSeq = 0] = b.split('-').map(Number);
  return aMs - bMs || aSeq - bSeq;
}

/** A console whose network goes away all the time. It remembers what a browser would and nothing else. */
function flakyConsole(connect: (from: ResumePoint) => Promise<Feed>, asOf: string) {
  const ids: string[] = [];
  let last = asOf;
  let cuts = 0;
  return {
    ids,
    cuts: () => cuts,
    /** Reads for a while and is cut, with `after` and `Last-Event-ID` in turn. */
    async readFor(ms: number): Promise<void> {
      cuts += 1;
      const connecting = connect(cuts % 2 === 0 ? { after: last } : { after: '1-1', lastEventId: last });
      const feed = await connecting.catch((error: unknown) => {
        // Nobody there: the gateway was killed just now.
        if (!(error instanceof TypeError)) throw error;
      });
      if (feed === undefined) return;
      await delay(ms);
      await feed.cut();
      expect(feed.resets).toEqual([]);
      ids.push(...feed.incidents.map(({ eventId }) => eventId));
      last = feed.lastEventId() ?? last;
    },
  };
}

/** What is acknowledged may be decided a moment later: reads until the logs have no more, then compares. */
async function expectAllTold(screen: ReturnType<typeof flakyConsole>, person: Operator, asOf: string): Promise<void> {
  const load = async (): Promise<string[]> => (await listLogIds(person)).filter((id) => compareIds(id, asOf) > 0);
  for (let turn = 0; turn < 40; turn += 1) {
    await screen.readFor(100);
    if (isDeepStrictEqual(screen.ids, await load())) break;
  }
  expect(screen.ids).toEqual(await load());
}

/** Devices press and the admin works, one after the other, until `isOver`. */
async function makeEvents(person: Operator, devices: readonly Credentials[], isOver: () => boolean): Promise<number> {
  let presses = 0;
  while (!isOver()) {
    const device = devices[presses % devices.length];
    if (device === undefined) throw new Error('no devices');
    await pressOnce(device, press());
    presses += 1;
    const [open] = presses % 4 === 0 ? (await person.list()).items : [];
    if (open !== undefined) await person.tryTo(open.id, 'note', { text: '在跟进' });
  }
  return presses;
}

test('cut again and again at random moments, it tells every entry once and in order', async () => {
  const { gateway, admin } = world;
  const devices = await Promise.all(['一', '二', '三'].map((name) => addDevice(gateway, { name })));
  const { asOf } = await admin.list();
  const screen = flakyConsole((from) => admin.listen(from), asOf ?? '');
  let isOver = false;
  const stream = makeEvents(admin, devices, () => isOver);
  while (screen.cuts() < 40) await screen.readFor(Math.random() * 60);
  isOver = true;
  expect(await stream).toBeGreaterThan(5);
  await expectAllTold(screen, admin, asOf ?? '');
});

test('across a gateway that is killed and started again nothing is lost or told twice', async () => {
  const one = await openWorld();
  const { dataDir, redisUrl = '', databaseUrl = '' } = one.gateway;
  let current: { gateway: TestGateway; admin: Operator } = one;
  const device = await addDevice(one.gateway, { name: '四' });
  const screen = flakyConsole((from) => current.admin.listen(from), LOG_START);
  for (let life = 0; life < 3; life += 1) {
    const pressing = Array.from({ length: 5 }, async (_, n) => {
      await delay(n * 15);
      const message = press();
      // A device that hears nothing presses again, with the same id and time.
      await until(
        async () => {
          await pressOnce({ ...device, mqttUrl: current.gateway.mqttUrl }, message, {
            clientId: `c${n}`,
            timeoutMs: 2_000,
          });
          return true;
        },
        { timeoutMs: 60_000, what: 'an acknowledgement' },
      );
    });
    const reading = screen.readFor(80);
    await delay(Math.random() * 60);
    await current.gateway.kill9();
    await reading;
    const gateway = await startGateway({ dataDir, redisUrl, databaseUrl });
    current = { gateway, admin: await logInAsAdmin(gateway) };
    await Promise.all(pressing);
  }
  await pressAndSee(await current.admin.listen(), { ...device, mqttUrl: current.gateway.mqttUrl }, press());
  await expectAllTold(screen, current.admin, LOG_START);
  const { items } = await current.admin.list();
  expect(items).toMatchObject([{ presses: 16 }]);
});

test('a list and the feed after its asOf have no gap and no overlap', async () => {
  const { gateway, admin } = world;
  const device = await addDevice(gateway, { name: '五' });
  for (let round = 0; round < 10; round += 1) {
    const pressing = pressOnce(device, press());
    const { items, asOf } = await admin.list();
    const feed = await admin.listen({ after: asOf ?? '' });
    await pressing;
    const listed = items.find(({ deviceId }) => deviceId === device.deviceId)?.presses ?? 0;
    const told = (): number => Math.max(listed, ...mine().map(({ incident }) => incident.presses));
    const mine = () => feed.incidents.filter(({ incident }) => incident.deviceId === device.deviceId);
    await until(() => told() === round + 1, { timeoutMs: 30_000, what: 'the press, by list or feed' });
    const joins = mine().filter(({ entry }) => entry.type === 'opened' || entry.type === 'joined');
    expect(joins.length).toBe(round + 1 - listed);
    await feed.cut();
  }
});

describe('a point that it cannot go on from', () => {
  async function expectReset(from: ResumePoint, reason: string): Promise<void> {
    const { asOf: before } = await world.admin.list();
    const feed = await world.admin.listen(from);
    const reset = await until(() => feed.resets[0], { timeoutMs: 30_000, what: 'a reset' });
    const { asOf: after } = await world.admin.list();
    expect(reset.reason).toBe(reason);
    // Deadlines of other cases may ring meanwhile.
    expect(compareIds(reset.asOf ?? '', before ?? '')).toBeGreaterThanOrEqual(0);
    expect(compareIds(reset.asOf ?? '', after ?? '')).toBeLessThanOrEqual(0);
    // What follows is told as to anybody who has loaded the list again, and nothing from before.
    await pressAndSee(feed, await addDevice(world.gateway, { name: '六' }), press());
    for (const { eventId } of feed.incidents) expect(compareIds(eventId, reset.asOf ?? '')).toBeGreaterThan(0);
    await feed.cut();
  }

  test.each(['abc', '1', '1-', '-1', '1-1-1', '0x1-1', '1e3-1', '1 -1', `${'9'.repeat(30)}-1`, 'x'.repeat(500)])(
    'as it is malformed is told so: %s',
    async (point) => {
      await expectReset({ lastEventId: point }, 'malformed');
      await expectReset({ after: point }, 'malformed');
    },
  );

  test('as it is newer than the newest is told so', async () => {
    const point = `${Date.now() + 3_600_000}-0`;
    await expectReset({ lastEventId: point }, 'newer-than-newest');
    await expectReset({ after: point }, 'newer-than-newest');
  });

  test('as it is older than what is kept is told so', async () => {
    const device = await addDevice(world.gateway, { name: '七' });
    const { eventId } = await pressAndSee(world.feed, device, press());
    await pressAndSee(world.feed, device, press());
    const redis = new Redis(world.gateway.redisUrl ?? '');
    await redis.xtrim('{zj}:incident-log', 'MAXLEN', 1);
    redis.disconnect();
    await expectReset({ lastEventId: eventId }, 'older-than-kept');
  });
});

test('Last-Event-ID wins over after; without either it begins now', async () => {
  const { gateway, admin, feed } = world;
  const device = await addDevice(gateway, { name: '八' });
  const first = await pressAndSee(feed, device, press());
  const second = await pressAndSee(feed, device, press());
  const resumed = await admin.listen({ after: '0-0', lastEventId: first.eventId });
  await resumed.until(({ eventId }) => eventId === second.eventId, 'what was missed');
  expect(compareIds(resumed.incidents[0]?.eventId ?? '', first.eventId)).toBeGreaterThan(0);
  const fresh = await admin.listen();
  await pressAndSee(fresh, device, press());
  for (const { eventId } of fresh.incidents) expect(compareIds(eventId, second.eventId)).toBeGreaterThan(0);
});

test('an operator of a region is told, live and when resuming, of that region and of nobody’s, and no more', async () => {
  const { gateway, admin } = world;
  const local = await hire(gateway, admin, { username: 'local', regions: ['yuyao/fengshan'] });
  async function addPerson(region: string): Promise<Credentials> {
    const resident = await admin.post<Resident>('/residents', { name: '九', region });
    const added = await admin.post<DeviceCreated>('/devices', { model: 'generic-pendant', residentIds: [resident.id] });
    return { deviceId: added.id, username: added.id, password: added.password, mqttUrl: gateway.mqttUrl };
  }
  const home = await addPerson('yuyao/fengshan');
  const inside = [home, await addPerson('yuyao/fengshan/xinjian'), await addDevice(gateway)];
  const outside = [await addPerson('yuyao/fengshan-east'), await addPerson('yuyao'), await addPerson('yuyao/lize/a')];
  // Where nobody of the region is on duty it would be shown to everybody, and where nobody acts too: what waits for half an hour
  // is asked for, as a busy machine may take 15 s for a claim.
  await comeOnDuty(world.operator);
  const from = (await local.list()).asOf ?? '';
  const feeds = [await local.listen()];
  const all = await admin.listen();
  const ask = (device: Credentials) => pressAndSee(all, device, { ...press(), type: 'service' });
  for (const device of [...outside, ...inside, ...outside]) await ask(device);
  const last = await ask(home);
  feeds.push(await local.listen({ after: from }), await local.listen({ lastEventId: from }));
  // Deadlines of other tests' cases, which are of no region, ring meanwhile.
  const own = new Set([...inside, ...outside].map(({ deviceId }) => deviceId));
  for (const feed of feeds) {
    await feed.until(({ eventId }) => eventId === last.eventId, 'the last press');
    const told = feed.incidents.map(({ incident }) => incident.deviceId ?? '');
    expect(new Set(told.filter((id) => own.has(id)))).toEqual(new Set(inside.map(({ deviceId }) => deviceId)));
  }
  const seen = new Set((await local.list()).items.map(({ deviceId }) => deviceId));
  for (const { deviceId } of outside) expect(seen.has(deviceId)).toBe(false);
  const hidden = all.incidents.find(({ incident }) => incident.deviceId === outside[0]?.deviceId);
  expect(await local.ask('GET', `/incidents/${hidden?.incident.id}`)).toMatchObject({ status: 404 });
  expect(await local.tryTo(hidden?.incident.id ?? '', 'claim', {})).toMatchObject({ status: 404 });
});

test('it tells the gateway’s state at once and every five seconds, and needs a session', async () => {
  const feed = await world.operator.listen();
  await until(() => feed.statuses.length >= 1, { timeoutMs: 30_000, what: 'the first status' });
  expect(feed.statuses[0]).toMatchObject({ degraded: false });
  await until(() => feed.statuses.length >= 2, { timeoutMs: 30_000, what: 'the next status' });
  const { status } = await fetch(`${world.gateway.httpUrl}/api/v1/events`);
  expect(status).toBe(401);
});
