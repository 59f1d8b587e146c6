import { expect, test } from 'vitest';
import { createArchive } from '../../../gateway/history/archive.ts';
import { createArchivedStore } from '../../../gateway/history/archived-store.ts';
import { RETENTION, sweepRetention } from '../../../gateway/history/retention.ts';
import { trimIncidents } from '../../../gateway/history/trim-incidents.ts';
import { trimStream } from '../../../gateway/history/trim-streams.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import type { ListQuery } from '../../../gateway/incidents/list.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { createIncidentStore } from '../../../gateway/incidents/store.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { DAY } from '../incidents/build.ts';
import { addLine, openHistory, writeCase } from './world.ts';

/** So that everything is old enough. */
const AT_ONCE = -1000;

const keysOf = async (world: { redis: { keys: (pattern: string) => Promise<string[]> } }) =>
  (await world.redis.keys('{zj}:*')).toSorted();

test('nothing goes that Postgres does not have, and nothing without a cursor', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  const before = await keysOf(world);
  expect(await trimIncidents(world, AT_ONCE)).toBe(0);
  expect(await trimStream(world, INCIDENT_KEYS.log, AT_ONCE)).toBe(0);
  await world.takeAll();
  await writeCase(world.redis);
  expect(await trimIncidents(world, AT_ONCE)).toBe(1);
  // The cursor's own line stays too.
  expect(await trimStream(world, INCIDENT_KEYS.log, AT_ONCE)).toBe(3);
  expect(await world.redis.xlen(INCIDENT_KEYS.log)).toBe(5);
  expect((await keysOf(world)).length).toBe(before.length);
});

test('a closed case goes with its lists, frames and words; an open one and a young one stay', async () => {
  const world = await openHistory();
  const closed = await writeCase(world.redis, { region: 'city' });
  const open = await writeCase(world.redis, { isClosed: false });
  await world.takeAll();
  expect(await trimIncidents(world, 365 * DAY)).toBe(0);
  expect(await trimIncidents(world, AT_ONCE)).toBe(1);
  const keys = (await keysOf(world)).join('\n');
  for (const part of [closed.incident.id, closed.event.id, closed.ref]) expect(keys).not.toContain(part);
  for (const part of [open.incident.id, open.event.id, open.ref]) expect(keys).toContain(part);
  expect(await world.redis.zrange(INCIDENT_KEYS.allSet, '0', '-1')).toEqual([open.incident.id]);
});

test('what Redis let go is read from Postgres as it was', async () => {
  const world = await openHistory();
  const store = createIncidentStore(world.redis, REDIS_KEYS.alarms);
  const archived = createArchivedStore(store, createArchive(world.pool));
  const cases: Awaited<ReturnType<typeof writeCase>>[] = [];
  for (let n = 0; n < 5; n += 1)
    cases.push(await writeCase(world.redis, { openedAt: 1_763_600_000_000 + n, isClosed: n !== 2 }));
  await world.takeAll();
  const all: ListQuery = { states: null, scopes: ['*'], everybodys: false, isWanted: () => true };
  const read = async () => ({
    incidents: await Promise.all(cases.map(({ incident }) => archived.loadIncident(incident.id))),
    entries: await archived.loadEntries(cases[0]?.incident.id ?? ''),
    events: await archived.loadEvents(cases[0]?.incident.id ?? ''),
    page: await archived.loadPage(all, null),
    rest: await archived.loadPage(
      { ...all, states: new Set(['resolved']) },
      { openedAt: 1_763_600_000_003, id: cases[3]?.incident.id ?? '' },
    ),
  });
  const before = await read();
  expect(before.page.items).toHaveLength(5);
  expect(await trimIncidents(world, AT_ONCE)).toBe(4);
  expect(await store.loadIncident(cases[0]?.incident.id ?? '')).toBeNull();
  expect(await read()).toEqual(before);
  expect(await archived.loadIncident('inc-none')).toBeNull();
});

test('what belongs to no case goes with its line', async () => {
  const world = await openHistory();
  await world.redis.set(INCIDENT_KEYS.event('01KAJ0000000000000000TEST0'), '{}');
  const entry = { incidentId: null, type: 'received', actor: 'device:d', at: 5 };
  await addLine(world.redis, { ...entry, data: { alarmId: '01KAJ0000000000000000TEST0' } });
  await addLine(world.redis, { ...entry, data: {} });
  await world.takeAll();
  await trimStream(world, INCIDENT_KEYS.log, AT_ONCE);
  expect(await keysOf(world)).toEqual([INCIDENT_KEYS.log, REDIS_KEYS.lineage]);
});

test('retention empties what is old, leaves open cases alone, and the chain tells of it', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await writeCase(world.redis, { isClosed: false });
  await world.takeAll();
  const days = RETENTION.events.days;
  const clock = { nowMs: () => Date.now() + (days - 2) * DAY };
  await world.rows(
    `insert into device_contacts (device_id, gateway_id, kind, at) values ('d', 'g', 'heard', now() - interval '1 year')`,
  );
  expect(await sweepRetention({ ...world, clock })).toMatchObject({ events: 0, personal_texts: 0, device_contacts: 1 });
  const later = { nowMs: () => Date.now() + (days + 2) * DAY };
  expect(await sweepRetention({ ...world, clock: later })).toMatchObject({ events: 1, personal_texts: 1 });
  expect(await world.rows('select from events where body is not null')).toHaveLength(1);
  const verify = () => verifyPage({ pool: world.pool, headPaths: [] }, 0);
  expect((await verify()).faults).toEqual([]);
  // The same without a word of the chain is a fault.
  await world.rows(
    `update events set body = null, salt = null, erased_at = now(), erased_why = 'erasure' where body is not null`,
  );
  expect((await verify()).faults).toMatchObject([{ code: 'erased-without-trace' }]);
});
