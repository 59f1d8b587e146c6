import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { INCIDENT_KEYS } from '../../gateway/incidents/keys.ts';
import type { IncidentRecord } from '../../gateway/incidents/record.ts';
import { afterwards } from '../harness/cleanup.ts';
import { startGateway } from '../harness/gateway.ts';
import { until } from '../harness/until.ts';
import { logInAsAdmin } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** The auditor looks every 5 s and must see a hole twice. */
const FOUND_MS = 30_000;
const CLOSED_MS = 30_000;

let world: World;
let redis: Redis;
beforeAll(async () => {
  world = await openWorld();
  redis = new Redis(world.gateway.redisUrl ?? '');
  afterwards(() => redis.disconnect());
});

/** A request that somebody works on: nothing would ring for half an hour. */
async function openCalm(): Promise<IncidentRecord> {
  const { incident } = await pressAndSee(world.feed, await addDevice(world.gateway), '{"type":"service"}');
  await world.operator.act(incident.id, 'claim', {});
  return load(incident.id);
}

async function load(id: string): Promise<IncidentRecord> {
  return JSON.parse((await redis.hget(INCIDENT_KEYS.incident(id), 'json')) ?? '') as IncidentRecord;
}

const textOf = async (id: string): Promise<string> => (await world.operator.detail(id)).alarms[0]?.text ?? '';

/** Open incidents of the gateway about a hole; it may tell of other things by itself. */
async function listToldHoles(): Promise<readonly string[]> {
  const { items } = await world.operator.list();
  const own = items.filter(({ type }) => type === 'system').map(({ id }) => id);
  const texts = await Promise.all(own.map(textOf));
  return own.filter((_id, n) => texts[n]?.includes('hole'));
}

test('a gateway without a hole raises nothing', async () => {
  await delay(6_000);
  expect(await listToldHoles()).toEqual([]);
  const ready = (await (await fetch(`${world.gateway.httpUrl}/readyz`)).json()) as { checks: object };
  expect(ready.checks).toMatchObject({ engine: { status: 'ok' }, loops: { status: 'ok' } });
});

test('what was taken out of Redis is put back, what is due rings, and the gateway says so', async () => {
  const [unlisted, unindexed, hidden] = [await openCalm(), await openCalm(), await openCalm()];
  // The next start of a gateway would not find this one.
  await redis.zrem(INCIDENT_KEYS.openSet, unlisted.id);
  // The next press of this device would not.
  await redis.del(INCIDENT_KEYS.index(unindexed.subject));
  // No gateway was told of the last change of this one, and its deadline has passed.
  const longAgo = Date.now() - 3_600_000;
  const version = hidden.version + 1;
  const changed = { ...hidden, version, updatedAt: longAgo, progressAt: longAgo, rangAt: longAgo };
  await redis.hset(INCIDENT_KEYS.incident(hidden.id), 'v', version, 'json', JSON.stringify(changed));

  await world.feed.until(
    ({ entry, incident }) => incident.id === hidden.id && entry.type === 'rang' && incident.version > version,
    'the ring',
    FOUND_MS,
  );
  await until(() => redis.zscore(INCIDENT_KEYS.openSet, unlisted.id), {
    timeoutMs: FOUND_MS,
    what: 'it in the list',
  });
  const index = INCIDENT_KEYS.index(unindexed.subject);
  await until(() => redis.get(index), { timeoutMs: FOUND_MS, what: 'its index' });
  expect(JSON.parse((await redis.get(index)) ?? '')).toMatchObject({ open: [unindexed.id] });

  const told = new Map<string, boolean>();
  const isTold = async (): Promise<boolean> => {
    for (const { entry, incident } of world.feed.incidents) {
      if (entry.type !== 'opened' || incident.type !== 'system' || told.has(incident.id)) continue;
      told.set(incident.id, (await textOf(incident.id)).includes('hole'));
    }
    return [...told.values()].includes(true);
  };
  await until(isTold, { timeoutMs: FOUND_MS, what: 'an incident about the gateway' });
  await until(async () => (await listToldHoles()).length === 0, { timeoutMs: CLOSED_MS, what: 'the end of it' });
});

test('a case that no list names as open any more is found by a gateway that never heard of it', async () => {
  const { id } = await openCalm();
  await world.gateway.kill9();
  await redis.zrem(INCIDENT_KEYS.openSet, id);
  const { redisUrl = '', databaseUrl = '' } = world.gateway;
  const gateway = await startGateway({ redisUrl, databaseUrl });
  const admin = await logInAsAdmin(gateway);
  expect((await admin.list()).items.map((incident) => incident.id)).not.toContain(id);
  await until(async () => (await admin.list()).items.some((incident) => incident.id === id), {
    timeoutMs: FOUND_MS,
    what: 'the case among the open ones',
  });
});
