import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { startGateway, type TestGateway } from '../harness/gateway.ts';
import { ownRedis } from '../harness/own-servers.ts';
import { until } from '../harness/until.ts';
import { dumpRedis } from './world/database.ts';
import { hire, logIn, logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { pressAndSee } from './world/world.ts';

/** What changed with the last of it is on the gateway's disk within half a second. */
const KEPT_WITHIN_MS = 1200;
/** The journal is sent again after the cases were restored; a press that rang again would be seen by then. */
const WOULD_RING_WITHIN_MS = 4000;

/** Three cases: one closed, one with an owner and a note, one that nobody has. */
async function openScene() {
  const redis = await ownRedis();
  const data = join(redis.folder, 'redis', 'appendonlydir');
  const gateway = await startGateway({ redisUrl: redis.redisUrl });
  const operator = await hire(gateway, await logInAsAdmin(gateway), { username: 'li' });
  const feed = await operator.listen();
  const devices = await Promise.all(['closed', 'owned', 'free'].map((id) => addDevice(gateway, { id })));
  const [closedDevice, ownedDevice, freeDevice] = devices;
  if (closedDevice === undefined || ownedDevice === undefined || freeDevice === undefined) throw new Error('no device');
  const closed = (await pressAndSee(feed, closedDevice, { type: 'sos' })).incident.id;
  const backup = `${data}-backup`;
  await cp(data, backup, { recursive: true });
  await operator.act(closed, 'claim', {});
  await operator.act(closed, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  const press = { type: 'sos', text: 'first', id: '7', at: Date.now() };
  const owned = (await pressAndSee(feed, ownedDevice, press)).incident.id;
  await operator.act(owned, 'claim', {});
  await operator.act(owned, 'note', { text: 'she fell in the kitchen' });
  const free = (await pressAndSee(feed, freeDevice, { type: 'sos' })).incident.id;
  const file = join(gateway.dataDir, 'degraded', 'open-incidents.jsonl');
  const isKept = async (): Promise<boolean> => {
    const text = await readFile(file, 'utf8');
    return ['she fell in the kitchen', free, 'spoke-with-person'].every((word) => text.includes(word));
  };
  await until(isKept, { timeoutMs: 30_000, what: 'all of it on the disk of the gateway', everyMs: 100 });
  await delay(KEPT_WITHIN_MS);
  return {
    redis,
    data,
    backup,
    gateway,
    operator,
    press,
    devices: { owned: ownedDevice },
    ids: { closed, owned, free },
  };
}

/** The same person in a gateway of which nothing but Redis' and Postgres' addresses stayed. */
async function logInAnew(gateway: TestGateway, { operator }: Scene): Promise<Operator> {
  const admin = await logInAsAdmin(gateway);
  const { password } = await admin.post<{ password: string | null }>('/users', {
    username: 'wang',
    roles: ['supervisor'],
    regions: ['*'],
  });
  const other = await logIn(gateway, { username: 'wang', password: password ?? '' });
  return { ...other, user: operator.user };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

async function listPressed(operator: Operator, query?: string) {
  return (await operator.list(query)).items.filter(({ deviceId }) => deviceId !== null);
}

async function expectRefilled({ ids, devices }: Scene, gateway: TestGateway, operator: Operator): Promise<void> {
  const isThere = async (): Promise<boolean> =>
    (await operator.list()).asOf !== null && (await listPressed(operator)).length === 2;
  await until(isThere, { timeoutMs: 30_000, what: 'both open cases', everyMs: 100 });
  await delay(WOULD_RING_WITHIN_MS);

  const open = await listPressed(operator);
  expect(open.map(({ id }) => id).toSorted()).toEqual([ids.owned, ids.free].toSorted());
  expect(open.map(({ presses }) => presses)).toEqual([1, 1]);
  const owned = await operator.detail(ids.owned);
  expect(owned.owner?.id).toBe(operator.user.id);
  expect(owned.alarms.map(({ text }) => text)).toEqual(['first']);
  const types = owned.log.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['opened', 'received', 'claim', 'claimed', 'note']));
  expect(types.filter((type) => type === 'note')).toHaveLength(1);
  expect(owned.log.find(({ type }) => type === 'note')?.data['text']).toBe('she fell in the kitchen');

  // Who was safe stays safe: nothing opened a second time.
  const all = await listPressed(operator, 'state=all');
  expect(all.map(({ id }) => id).toSorted()).toEqual(Object.values(ids).toSorted());
  expect((await operator.detail(ids.closed)).state).toBe('resolved');

  // It stands among the open cases of its device again: the next press joins it.
  const feed = await operator.listen();
  const again = await pressAndSee(
    feed,
    { ...devices.owned, mqttUrl: gateway.mqttUrl },
    { type: 'sos', text: 'second' },
  );
  expect(again.incident).toMatchObject({ id: ids.owned, presses: 2, ringing: true });
}

test('a Redis that comes back empty is given every case with its owner and its log', async () => {
  const scene = await openScene();
  await scene.redis.kill9();
  await rm(scene.data, { recursive: true });
  await scene.redis.start();
  await expectRefilled(scene, scene.gateway, scene.operator);
});

test('a Redis that comes back as it was earlier is given what it has not', async () => {
  const scene = await openScene();
  await scene.redis.kill9();
  await rm(scene.data, { recursive: true });
  await cp(scene.backup, scene.data, { recursive: true });
  await scene.redis.start();
  await expectRefilled(scene, scene.gateway, scene.operator);
});

test('a gateway that died with it gives it what lies on its own disk', async () => {
  const scene = await openScene();
  const { redis, gateway: before } = scene;
  await Promise.all([redis.kill9(), before.kill9()]);
  await rm(scene.data, { recursive: true });
  await redis.start();
  const gateway = await startGateway({
    redisUrl: redis.redisUrl,
    dataDir: before.dataDir,
    ...(before.databaseUrl === undefined ? {} : { databaseUrl: before.databaseUrl }),
  });
  await expectRefilled(scene, gateway, await logInAnew(gateway, scene));
});

test('a Redis that is emptied while it runs is given everything back too', async () => {
  const scene = await openScene();
  const client = new Redis(scene.redis.redisUrl);
  await client.flushall();
  client.disconnect();
  await expectRefilled(scene, scene.gateway, scene.operator);
});

test('a gateway of which nothing is left but the database has every open case, and it rings', async () => {
  const scene = await openScene();
  const { redis, gateway: before, ids, press, devices } = scene;
  // Nobody waits for the database when a case is worked on; until it has them it cannot tell.
  await before.zhujiJson('case', ids.free);
  await Promise.all([redis.kill9(), before.kill9()]);
  await Promise.all([rm(scene.data, { recursive: true }), rm(before.dataDir, { recursive: true })]);
  await redis.start();
  const gateway = await startGateway({ redisUrl: redis.redisUrl, databaseUrl: before.databaseUrl ?? '' });
  const operator = await logInAnew(gateway, scene);
  const feed = await operator.listen();
  const ringing = async (): Promise<boolean> =>
    (await listPressed(operator)).some(({ id, ringing: rings }) => id === ids.free && rings);
  await until(ringing, { timeoutMs: 30_000, what: 'the case that nobody has', everyMs: 100 });
  // It has its deadlines: nobody takes it, and it rings further.
  const { next } = await operator.detail(ids.free);
  expect(Date.parse(next?.at ?? '')).toBeLessThan(Date.now() + 120_000);

  // A device that had no answer sends its press again: nothing opens, and nothing joins.
  const again = await pressAndSee(feed, { ...devices.owned, mqttUrl: gateway.mqttUrl }, press);
  expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: ids.owned, presses: 1 } });
  await expectRefilled(scene, gateway, operator);

  const closing = { outcome: 'helped', contact: 'spoke-with-person' } as const;
  await operator.act(ids.free, 'claim', {});
  for (const id of [ids.owned, ids.free]) {
    expect(await operator.act(id, 'resolve', closing)).toMatchObject({ state: 'resolved' });
  }
  expect(await gateway.zhujiJson('audit', 'verify')).toMatchObject({ ok: true, faults: [] });
});

test('what a person was erased of does not come back from the memory of any gateway', async () => {
  const redis = await ownRedis();
  const here = await startGateway({ redisUrl: redis.redisUrl });
  const servers = { redisUrl: redis.redisUrl, databaseUrl: here.databaseUrl ?? '' };
  const operator = await hire(here, await logInAsAdmin(here), { username: 'li' });
  const feed = await operator.listen();
  const device = await addDevice(here, { name: 'Wang' });
  const other = await addDevice(here, { name: 'Li' });
  const { id } = (await pressAndSee(feed, device, { type: 'sos', text: 'MARK pressed' })).incident;
  const kept = (await pressAndSee(feed, other, { type: 'sos' })).incident.id;
  // Begun now, so that it knows whose devices these are whatever it takes.
  const there = await startGateway(servers);
  for (const incidentId of [id, kept]) await operator.act(incidentId, 'claim', {});
  await operator.act(id, 'note', { text: 'MARK fell' });
  await operator.act(kept, 'note', { text: 'the note about the neighbour' });
  await operator.act(id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  const remembered = ({ dataDir }: TestGateway) => readFile(join(dataDir, 'degraded', 'open-incidents.jsonl'), 'utf8');
  const hasAll = async (): Promise<boolean> =>
    (await Promise.all([here, there].map(remembered))).every((text) => text.includes('MARK fell'));
  await until(hasAll, { timeoutMs: 30_000, what: 'both gateways to remember it', everyMs: 100 });

  // One of them hears of it; the other one is dead and has it on its disk.
  await there.kill9();
  await here.zhujiJson('erase', '--resident', device.residentId ?? '', '--ground', 'asked for');
  const isForgotten = async (): Promise<boolean> => !(await remembered(here)).includes('MARK');
  await until(isForgotten, { timeoutMs: 30_000, what: 'the words to be gone from the disk', everyMs: 100 });
  expect(await remembered(there)).toContain('MARK fell');
  await Promise.all([redis.kill9(), here.kill9()]);
  await rm(join(redis.folder, 'redis', 'appendonlydir'), { recursive: true });
  await redis.start();
  const again = await startGateway({ ...servers, dataDir: there.dataDir });
  const isBack = async (): Promise<boolean> =>
    (await dumpRedis(redis.redisUrl)).includes('the note about the neighbour') &&
    !(await remembered(again)).includes('MARK');
  await until(isBack, { timeoutMs: 90_000, what: 'the other case in Redis', everyMs: 100 });
  await delay(WOULD_RING_WITHIN_MS);
  expect((await dumpRedis(redis.redisUrl)).split('\n').filter((line) => line.includes('MARK'))).toEqual([]);
  expect(await remembered(again)).not.toContain('MARK');
  const admin = await logInAsAdmin(again);
  const file = await admin.detail(id);
  expect(file.log.find(({ type }) => type === 'note')?.data).toMatchObject({ erased: true });
});
