import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Incident } from '../../gateway/api/contract/incident.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createRedis } from '../harness/redis.ts';
import { startGateway } from '../harness/gateway.ts';
import { comeOnDuty, keepAlive } from './world/attendance.ts';
import type { FeedItem } from './world/feed.ts';
import { hire, logIn, logInAsAdmin, type Operator } from './world/operator.ts';
import { addDevice, localClient } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** Seconds; so short that the test may wait for it. */
const LEASE_S = 2;
const LEASE_MS = LEASE_S * 1000;
const env = { ZHUJI_PRESENCE_S: String(LEASE_S) };
/** A look of the engine and one commit, on a machine with much to do. */
const LATE_MS = 15_000;

let world: World;
beforeAll(async () => {
  world = await openWorld({ env });
});

/** A press of a device of its own that this operator has claimed. */
async function claimOne({ gateway, feed }: World, operator: Operator): Promise<string> {
  const { incident } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  await operator.act(incident.id, 'claim', {});
  return incident.id;
}

const isLapseOf =
  (id: string) =>
  ({ entry, incident }: FeedItem): boolean =>
    entry.type === 'lapsed' && incident.id === id;

const ownerOf = async (operator: Operator, id: string) => (await operator.detail(id)).owner?.id ?? null;

test('the owner’s console dies: the claim lapses when it said it would, and rings at everybody who was rung before', async () => {
  const { gateway, admin, operator, feed } = world;
  const console = await comeOnDuty(operator);
  const colleague = await hire(gateway, admin, { username: 'wang' });
  await comeOnDuty(colleague);
  const id = await claimOne(world, operator);
  await delay(2 * LEASE_MS);
  expect(await ownerOf(colleague, id)).toBe(operator.user.id);

  console.fallSilent();
  await delay(LEASE_MS / 3);
  const { leaseUntil } = await colleague.detail(id);
  const lapsed = await feed.until(isLapseOf(id), 'the lapse');
  const lateMs = Date.parse(lapsed.entry.at) - Date.parse(leaseUntil ?? '');
  expect(lateMs).toBeGreaterThanOrEqual(-50);
  expect(lateMs).toBeLessThan(LATE_MS);
  expect(lapsed.incident).toMatchObject({ id, state: 'open', owner: null, leaseUntil: null, ringing: true });

  expect(await colleague.act(id, 'claim', {})).toMatchObject({ owner: { id: colleague.user.id } });
  const late = await operator.tryTo(id, 'claim', {});
  expect(late).toMatchObject({ status: 409, body: { code: 'claimed-by-other' } });
});

test('presence is the person’s: another console of theirs, or what they do, keeps their claims', async () => {
  const { gateway, admin, operator } = world;
  const busy = await hire(gateway, admin, { username: 'busy' });
  const password = 'two consoles of one person';
  await admin.post('/users', { username: 'zhao', password, roles: ['operator'], regions: ['*'] });
  const first = await logIn(gateway, { username: 'zhao', password });
  const second = await logIn(gateway, { username: 'zhao', password });
  const firstConsole = await comeOnDuty(first);
  keepAlive(second);
  const id = await claimOne(world, first);
  const busyId = await claimOne(world, busy);
  firstConsole.fallSilent();
  for (let n = 0; n < 6; n += 1) {
    await delay(LEASE_MS / 2);
    await busy.act(busyId, 'note', { text: 'still on it' });
  }
  expect(await ownerOf(operator, id)).toBe(first.user.id);
  expect(await ownerOf(operator, busyId)).toBe(busy.user.id);
});

test('the command line has no console that could fall silent: its claim stands, and its deadline with it', async () => {
  const { gateway, operator, feed } = world;
  const { incident } = await pressAndSee(feed, await addDevice(gateway), { type: 'sos' });
  const claimed = await localClient(gateway).request<Incident>('POST', `/incidents/${incident.id}/claim`, {});
  expect(claimed.leaseUntil).toBeNull();
  await delay(2 * LEASE_MS);
  expect(await operator.detail(incident.id)).toMatchObject({ owner: claimed.owner, next: { step: 'ask-owner' } });
});

test('a frozen gateway judges nobody by what it could not hear', async () => {
  const { gateway, operator, feed } = world;
  const console = await comeOnDuty(operator);
  const id = await claimOne(world, operator);
  gateway.freeze();
  await delay(3 * LEASE_MS);
  gateway.thaw();
  await delay(2 * LEASE_MS);
  expect(await ownerOf(operator, id)).toBe(operator.user.id);
  console.fallSilent();
  await feed.until(isLapseOf(id), 'the lapse');
});

test('after a restart consoles have a whole lease to come back; who does not, lapses', async () => {
  const [{ redisUrl }, { databaseUrl }] = await Promise.all([createRedis(), createDatabase()]);
  const first = await openWorld({ env, redisUrl, databaseUrl });
  const { gateway, admin } = first;
  const returning = await hire(gateway, admin, { username: 'returning' });
  const gone = await hire(gateway, admin, { username: 'gone', by: 'token' });
  for (const operator of [returning, gone]) await comeOnDuty(operator);
  const returningId = await claimOne(first, returning);
  const goneId = await claimOne(first, gone);
  await gateway.kill9();
  await delay(2 * LEASE_MS);

  // What is done between its start and the look takes a while on a busy machine.
  const leaseMs = 10 * LEASE_MS;
  const longer = { ZHUJI_PRESENCE_S: String(leaseMs / 1000) };
  const second = await startGateway({ env: longer, redisUrl, databaseUrl, dataDir: gateway.dataDir });
  const operator = await hire(second, await logInAsAdmin(second), { username: 'back' });
  const feed = await operator.listen();
  const startedAt = Date.now();
  await delay(LEASE_MS);
  expect(await ownerOf(operator, returningId)).toBe(returning.user.id);
  expect(await ownerOf(operator, goneId)).toBe(gone.user.id);
  // A cookie is the browser's, whichever gateway it speaks to.
  const answer = await fetch(`${second.httpUrl}/api/v1/duty/heartbeat`, { method: 'POST', headers: returning.proof });
  expect(answer.status).toBe(200);
  await feed.until(isLapseOf(goneId), 'the lapse', 60_000);
  expect(Date.now() - startedAt).toBeGreaterThan(LEASE_MS);
  expect(await ownerOf(operator, returningId)).toBe(returning.user.id);
});
