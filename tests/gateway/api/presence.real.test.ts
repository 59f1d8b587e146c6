import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Presence } from '../../../gateway/api/presence.ts';
import type { Clock } from '../../../gateway/clock.ts';
import type { DirectoryUser } from '../../../gateway/registry/directory.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';

const logger = pino({ level: 'silent' });
const LEASE_MS = 30_000;
const HOUR = 3_600_000;
const ON = { on: true, sound: true };

const USERS: DirectoryUser[] = [
  { id: 'li', username: 'li', name: 'Li', roles: ['operator'], regions: ['*'], epoch: 1 },
  { id: 'helper', username: 'helper', name: 'Helper', roles: ['helper'], regions: ['*'], epoch: 1 },
];

type Gateway = {
  readonly presence: Presence;
  /** Its clocks; time passes when a test says so. */
  readonly time: { wallMs: number; monoMs: number };
};

let writers = 0;

/** One gateway's presence on a real Redis, with clocks of its own. */
async function openGateway(redisUrl: string, wallMs = Date.parse('2026-11-21T02:13:00.000Z')): Promise<Gateway> {
  const redis = connectRedis({ target: redisUrl, role: 'command', gatewayId: 'test', logger });
  afterwards(() => redis.disconnect());
  await until(() => redis.status === 'ready', { timeoutMs: 30_000, what: 'a connection to Redis' });
  const time = { wallMs, monoMs: 0 };
  const clock: Clock = { nowMs: () => time.wallMs, monoMs: () => time.monoMs };
  const directory = () => ({ user: (id: string) => USERS.find((user) => user.id === id), users: () => USERS });
  writers += 1;
  const memory = { load: async () => [], keep: () => undefined };
  const writer = `gw-${writers}`;
  const presence = new Presence({ redis, directory, writer, leaseMs: LEASE_MS, memory, clock, logger });
  await presence.start();
  afterwards(() => presence.stop());
  presence.listens();
  return { presence, time };
}

/** The pulse of the running gateway sees that time has passed; in steps in which nobody takes it for frozen. */
async function pass({ presence, time }: Gateway, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 4000) {
    time.monoMs += Math.min(left, 4000);
    time.wallMs += Math.min(left, 4000);
    // What the pulse does; its timer runs on the clock of the machine.
    await presence.look();
  }
}

const present = ({ presence }: Gateway): string[] =>
  presence.people
    .list()
    .filter(({ isPresent }) => isPresent)
    .map(({ userId }) => userId);
const onDuty = ({ presence }: Gateway): string[] =>
  presence.people
    .list()
    .filter(({ isOnDuty }) => isOnDuty)
    .map(({ userId }) => userId);

const session = ({ time }: Gateway, id = 's1') => ({ id, expiresAtMs: time.wallMs + 13 * HOUR });

test('gateways whose clocks differ by hours know of each other’s people, and lose them after the lease', async () => {
  const { redisUrl } = await createRedis();
  const here = await openGateway(redisUrl);
  const there = await openGateway(redisUrl, Date.parse('2026-11-21T05:13:00.000Z'));
  await there.presence.setDuty('li', ON, session(there));
  await here.presence.look();
  expect([present(here), onDuty(here)]).toEqual([['li'], ['li']]);
  await pass(here, 20_000);
  there.presence.heartbeat('li', 's1');
  await there.presence.look();
  await pass(here, 20_000);
  expect(present(here)).toEqual(['li']);
  expect(here.presence.people.hasLapsed('li')).toBe(false);
  // The wall clock of this gateway jumps: nobody comes or goes.
  here.time.wallMs += 24 * HOUR;
  expect(present(here)).toEqual(['li']);
  expect(here.presence.people.leaseUntil('li')).toBeGreaterThan(here.time.wallMs);
  here.time.wallMs -= 48 * HOUR;
  await pass(here, LEASE_MS);
  expect([present(here), onDuty(here)]).toEqual([[], []]);
  expect(here.presence.people.hasLapsed('li')).toBe(true);
});

test('whoever logs off is gone at every gateway at once; their cases keep the lease', async () => {
  const { redisUrl } = await createRedis();
  const [here, there] = [await openGateway(redisUrl), await openGateway(redisUrl)];
  await here.presence.setDuty('li', ON, session(here));
  await there.presence.look();
  expect(onDuty(there)).toEqual(['li']);
  await here.presence.leave('li', 's1');
  await there.presence.look();
  for (const gateway of [here, there]) {
    expect([present(gateway), onDuty(gateway)]).toEqual([[], []]);
    expect(gateway.presence.people.hasLapsed('li')).toBe(false);
  }
});

test('the next start knows who was there and on duty; who has been gone for long has a lease for their cases alone', async () => {
  const { redisUrl } = await createRedis();
  const before = await openGateway(redisUrl);
  await before.presence.setDuty('li', ON, session(before));
  await before.presence.setDuty('helper', { on: true, sound: false }, session(before));
  const soon = await openGateway(redisUrl, before.time.wallMs + 60_000);
  expect([present(soon), onDuty(soon)]).toEqual([
    ['li', 'helper'],
    ['li', 'helper'],
  ]);
  const late = await openGateway(redisUrl, before.time.wallMs + HOUR);
  expect([present(late), onDuty(late)]).toEqual([[], ['helper']]);
  expect(late.presence.people.hasLapsed('li')).toBe(false);
  await pass(late, LEASE_MS);
  expect(late.presence.people.hasLapsed('li')).toBe(true);
  // Twelve hours after they said so, on the clock that does not jump.
  late.time.monoMs = 11 * HOUR - 1;
  expect(onDuty(late)).toEqual(['helper']);
  late.time.monoMs += 1;
  expect(onDuty(late)).toEqual([]);
});

test('without Redis a gateway goes on with what it hears, and tells it when Redis is back, also empty', async () => {
  const server = await ownRedis();
  const here = await openGateway(server.redisUrl);
  await here.presence.setDuty('helper', { on: true, sound: false }, session(here));
  await server.kill9();
  expect(await here.presence.setDuty('li', ON, session(here))).toMatchObject({ on: true, sound: true });
  expect(here.presence.heartbeat('li', 's1')).toMatchObject({ on: true });
  expect(onDuty(here)).toEqual(['li', 'helper']);
  await pass(here, LEASE_MS);
  expect(here.presence.people.hasLapsed('li')).toBe(true);
  here.presence.heartbeat('li', 's1');
  expect(onDuty(here)).toEqual(['li', 'helper']);

  await server.start();
  const there = await openGateway(server.redisUrl);
  const hears = async () => {
    await here.presence.look();
    await there.presence.look();
    return onDuty(there).length === 2;
  };
  await until(hears, { timeoutMs: 30_000, what: 'what was said while Redis was away' });
  const probe = connectRedis({ target: server.redisUrl, role: 'command', gatewayId: 'probe', logger });
  afterwards(() => probe.disconnect());
  await until(() => probe.status === 'ready', { timeoutMs: 30_000, what: 'a connection to Redis' });
  await probe.flushall();
  await here.presence.look();
  await here.presence.look();
  expect(Object.keys(await probe.hgetall('{zj}:duty')).toSorted()).toEqual(['helper', 'li']);
});

test('whom this gateway hears itself it does not take for somebody of another, whatever it reads back', async () => {
  const server = await ownRedis();
  const here = await openGateway(server.redisUrl);
  here.presence.heartbeat('li', 's1');
  await here.presence.look();
  await server.kill9();
  await pass(here, LEASE_MS);
  expect(here.presence.people.hasLapsed('li')).toBe(true);
  await server.start();
  const told = here.presence.heartbeat('helper', 's1');
  expect(told.lastHeartbeatAt).not.toBeNull();
  const there = await openGateway(server.redisUrl);
  const hears = async () => {
    await here.presence.look();
    await there.presence.look();
    return present(there).includes('helper');
  };
  await until(hears, { timeoutMs: 30_000, what: 'the return of Redis' });
  expect(here.presence.people.hasLapsed('li')).toBe(true);
});

test('nonsense in Redis is nobody, and hides nobody', async () => {
  const { redisUrl } = await createRedis();
  const probe = connectRedis({ target: redisUrl, role: 'command', gatewayId: 'probe', logger });
  afterwards(() => probe.disconnect());
  await until(() => probe.status === 'ready', { timeoutMs: 30_000, what: 'a connection to Redis' });
  await probe.hset('{zj}:presence', { nobody: '', x: '1763683980000', __proto__x: '\u0000' });
  await probe.hset('{zj}:duty', { nobody: 'null', x: '[]', li: '{"on":true' });
  const here = await openGateway(redisUrl);
  await here.presence.setDuty('li', ON, session(here));
  await here.presence.look();
  expect(onDuty(here)).toEqual(['li']);
});

test('one person at two computers: each proves its own sound, neither undoes the other, and one that is gone is not heard', async () => {
  const { redisUrl } = await createRedis();
  const [here, there] = [await openGateway(redisUrl), await openGateway(redisUrl)];
  await here.presence.setDuty('li', ON, session(here, 'a'));
  await there.presence.look();
  const UNHEARD = { on: true, sound: false };
  const answer = await there.presence.setDuty('li', UNHEARD, session(there, 'b'));
  expect(answer).toMatchObject({ on: true, sound: true, soundHere: false, said: true });
  await here.presence.look();
  expect(here.presence.heartbeat('li', 'a')).toMatchObject({ sound: true, soundHere: true });
  expect([onDuty(here), onDuty(there)]).toEqual([['li'], ['li']]);

  // The computer with the sound dies; the person goes on sitting at the other one, which nobody has heard.
  for (let s = 0; s < LEASE_MS + 10_000; s += 10_000) {
    await pass(here, 10_000);
    await pass(there, 10_000);
    there.presence.heartbeat('li', 'b');
    await there.presence.look();
    await here.presence.look();
  }
  for (const gateway of [here, there]) expect([present(gateway), onDuty(gateway)]).toEqual([['li'], []]);
  expect(there.presence.status('li', 'b')).toMatchObject({ on: true, sound: false, soundHere: false });

  // Both are heard, and one logs off: the other is still there, past the end of that session too.
  await there.presence.setDuty('li', ON, session(there, 'b'));
  await here.presence.look();
  await here.presence.setDuty('li', ON, { id: 'c', expiresAtMs: here.time.wallMs + 1000 });
  await here.presence.leave('li', 'c');
  await there.presence.look();
  for (const gateway of [here, there]) expect(onDuty(gateway)).toEqual(['li']);
  await there.presence.leave('li', 'b');
  await here.presence.look();
  for (const gateway of [here, there]) expect([present(gateway), onDuty(gateway)]).toEqual([[], []]);
  expect(here.presence.status('li', 'a')).toMatchObject({ on: false, said: true });
});
