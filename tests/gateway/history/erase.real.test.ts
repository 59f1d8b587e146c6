import { expect, test } from 'vitest';
import { createErase } from '../../../gateway/history/erase.ts';
import { createEraseReadings } from '../../../gateway/history/erase-observations.ts';
import { eraseKeys } from '../../../gateway/history/erase-keys.ts';
import { verifyPage } from '../../../gateway/history/verify.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import type { OpenIncident } from '../../../gateway/incidents/record.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { inTransaction } from '../../../gateway/store/postgres.ts';
import { openIncident } from '../incidents/build.ts';
import { silent } from '../incidents/world.ts';
import { openHistory, writeCase, type HistoryWorld } from './world.ts';

async function openErasure(open: readonly OpenIncident[] = []) {
  const world = await openHistory();
  await world.rows(`insert into homes (id, address) values ('h-1', 'road 1')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-1', 'h-1', 'Wang'), ('r-2', 'h-1', 'Li')`);
  const erase = createErase({
    ...world,
    logger: silent,
    open: () => open,
    onErased: () => Promise.resolve(),
    catchUp: async () => void (await world.takeAll()),
    change: (action, work) => inTransaction(world.pool, action, work),
    eraseReadings: createEraseReadings(world.pool),
  });
  const order = { by: 'user:u1', ground: 'asked for', isDryRun: false };
  return { ...world, erase: (residentId: string, more = {}) => erase({ ...order, residentId, ...more }) };
}

const said = (world: Pick<HistoryWorld, 'rows'>) =>
  world.rows<{ said: string | null }>('select said from personal_texts order by audit_seq');

test('a person who shares a home keeps the address, and the other one their words', async () => {
  const world = await openErasure();
  await writeCase(world.redis, { residentId: 'r-1', text: 'about Wang' });
  await writeCase(world.redis, { residentId: 'r-2', text: 'about Li' });
  const first = await world.erase('r-1');
  expect(first).toMatchObject({ isDone: true, counts: { incidents: 1, frames: 1, texts: 1, homes: 0 } });
  expect(await said(world)).toEqual([{ said: null }, { said: '{"text":"about Li (note)"}' }]);
  expect(await world.rows('select address from homes')).toEqual([{ address: 'road 1' }]);
  expect((await world.erase('r-2')).counts.homes).toBe(1);
  expect(await verifyPage({ pool: world.pool, headPaths: [] }, 0)).toMatchObject({ faults: [], next: null });
});

test('a case that may be about either of two is kept until both are erased', async () => {
  const world = await openErasure();
  await writeCase(world.redis, { residentId: null, candidates: ['r-1', 'r-2'] });
  expect((await world.erase('r-1')).counts.incidents).toBe(0);
  expect(await said(world)).toEqual([{ said: '{"text":"she fell (note)"}' }]);
  expect((await world.erase('r-2')).counts.incidents).toBe(1);
  expect(await said(world)).toEqual([{ said: null }]);
});

test('an open case refuses it, whether the tables know of it or this gateway alone', async () => {
  const world = await openErasure();
  await writeCase(world.redis, { residentId: 'r-1', isClosed: false });
  await expect(world.erase('r-1')).rejects.toMatchObject({ code: 'open-incident' });
  await expect(world.erase('r-0')).rejects.toMatchObject({ code: 'not-found' });
  const alone = await openErasure([openIncident({ candidates: ['r-2'] })]);
  await expect(alone.erase('r-2')).rejects.toMatchObject({ code: 'open-incident' });
  expect(await alone.rows('select from erasures')).toEqual([]);
});

test('a dry run tells the numbers and leaves everything', async () => {
  const world = await openErasure();
  const { ref } = await writeCase(world.redis, { residentId: 'r-1' });
  const dry = await world.erase('r-1', { isDryRun: true });
  expect(dry).toMatchObject({ erasedAt: null, dryRun: true, counts: { frames: 1, texts: 1 } });
  expect(await said(world)).toEqual([{ said: '{"text":"she fell (note)"}' }]);
  expect(await world.redis.exists(INCIDENT_KEYS.personal(ref))).toBe(1);
  expect(await world.rows(`select from audit_chain where kind = 'erasure'`)).toEqual([]);
});

test('what a crash left in Redis, or a Redis from a backup brings back, goes with the next look', async () => {
  const world = await openErasure();
  const { ref, event } = await writeCase(world.redis, { residentId: 'r-1' });
  await world.erase('r-1');
  const keys = [INCIDENT_KEYS.personal(ref), INCIDENT_KEYS.event(event.id)];
  expect(await world.redis.exists(...keys)).toBe(0);
  // The backup: its words, its frame, its alarm in the stream, and another life.
  for (const key of keys) await world.redis.set(key, '{"salt":"s","said":{"text":"she fell"}}');
  await world.redis.xadd(REDIS_KEYS.alarms, '*', 'event', JSON.stringify(event));
  await world.redis.xadd(REDIS_KEYS.alarms, '*', 'event', '{"id":"another"}');
  await world.redis.set(REDIS_KEYS.lineage, 'life-2');
  expect(await eraseKeys(world)).toBe(0);
  await world.takeAll();
  expect(await eraseKeys(world)).toBe(1);
  expect(await world.redis.exists(...keys)).toBe(0);
  expect(await world.redis.xlen(REDIS_KEYS.alarms)).toBe(1);
  expect(await said(world)).toEqual([{ said: null }]);
  expect(await eraseKeys(world)).toBe(0);
});

test('limits of a person’s own are health, and go', async () => {
  const world = await openErasure();
  for (const id of ['r-1', 'r-2']) {
    await world.rows(`insert into resident_limits (resident_id, limits, recorded_at, recorded_by)
      values ('${id}', '[{"metric":"spo2","low":86,"high":null}]', now(), 'user:u1')`);
  }
  await world.erase('r-1');
  expect(await world.rows('select resident_id as id from resident_limits')).toEqual([{ id: 'r-2' }]);
});

test('the telephone number of a device goes with the last who has it, and accounts stay', async () => {
  const world = await openErasure();
  await world.rows(`insert into homes (id, address) values ('h-2', 'road 2')`);
  await world.rows(`insert into residents (id, home_id, name) values ('r-3', 'h-2', 'Zhou')`);
  const bind = async (id: string, number: number, residentIds: string[], isOver = false, homeId = 'h-1') => {
    await world.rows(
      `insert into device_bindings (device_id, number, home_id, bound_from, bound_until, bound_by)
       values ($1, $2, $4, now() - interval '2 h', $3, 'user:u1')`,
      [id, number, isOver ? new Date() : null, homeId],
    );
    for (const one of residentIds)
      await world.rows('insert into device_binding_residents values ($1, $2, $3)', [id, number, one]);
  };
  const ids = ['own', 'shared', 'handed-on', 'inherited', 'former', 'hall', 'elsewhere'];
  for (const [index, id] of ids.entries()) {
    await world.rows(`insert into devices (id, model, secret_sha256) values ($1, 'generic-pendant', sha256('s'))`, [
      id,
    ]);
    await world.rows(
      `insert into device_addresses (device_id, kind, value, added_at, confirmed_at)
       values ($1, 'number', $2, now(), now()), ($1, 'account', $3, now(), now())`,
      [id, `+861380013800${index}`, `100${index}`],
    );
  }
  await bind('own', 1, ['r-1']);
  await bind('shared', 1, ['r-1', 'r-2']);
  await bind('handed-on', 1, ['r-1'], true);
  await bind('handed-on', 2, ['r-2']);
  await bind('inherited', 1, ['r-2'], true);
  await bind('inherited', 2, ['r-1']);
  await bind('former', 1, ['r-1'], true);
  await bind('hall', 1, []);
  await bind('elsewhere', 1, ['r-1'], true);
  await bind('elsewhere', 2, [], false, 'h-2');
  const left = async () => {
    const found = await world.rows<{ id: string }>(
      `select device_id as id from device_addresses where kind = 'number'`,
    );
    return found.map(({ id }) => id).toSorted();
  };
  expect((await world.erase('r-1', { isDryRun: true })).counts.numbers).toBe(3);
  expect((await world.erase('r-1')).counts.numbers).toBe(3);
  expect(await left()).toEqual(['elsewhere', 'hall', 'handed-on', 'shared']);
  // Nobody is left at home.
  expect((await world.erase('r-2')).counts.numbers).toBe(3);
  expect(await left()).toEqual(['elsewhere']);
  expect((await world.erase('r-3')).counts.numbers).toBe(1);
  expect(await left()).toEqual([]);
  expect(await world.rows(`select from device_addresses where kind = 'account'`)).toHaveLength(ids.length);
});
