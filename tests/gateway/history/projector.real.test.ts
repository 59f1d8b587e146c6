import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { followStream } from '../../../gateway/history/follow-stream.ts';
import { auditTaker } from '../../../gateway/history/take-audit.ts';
import { createLogTaker } from '../../../gateway/history/take-log.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { connect } from '../incidents/world.ts';
import { addLine, addNote, dumpTables, openHistory, openPool, writeCase } from './world.ts';

test('a case, its alarm and its words stand in Postgres as Redis had them', async () => {
  const world = await openHistory();
  const { incident, event, ref } = await writeCase(world.redis, { residentId: 'r-1', region: 'city' });
  expect(await world.takeAll()).toBe(1);
  const { lines, incidents, events, texts, kinds } = await dumpTables(world);
  expect(lines).toHaveLength(4);
  expect(incidents).toEqual([{ id: incident.id, version: 3, state: 'resolved', record: JSON.stringify(incident) }]);
  expect(events).toEqual([{ id: event.id, incident_id: incident.id, body: JSON.stringify(event) }]);
  expect(texts).toEqual([{ ref, incident_id: incident.id, said: '{"text":"she fell (note)"}' }]);
  expect(kinds.map((row) => (row as { kind: string }).kind)).toEqual(['step', 'event', 'step', 'step', 'step']);
  const chain = await world.rows<{ entry: string }>('select entry from audit_chain');
  expect(JSON.stringify(chain)).not.toContain('she fell');
});

test('taking everything again, after the cursor is lost, keeps nothing twice', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await writeCase(world.redis, { isClosed: false });
  const note = { at: Date.now(), type: 'log-in', actor: 'user:u1', data: {} };
  await addNote(world.redis, note);
  await addNote(world.redis, note);
  await world.takeAll();
  const before = await dumpTables(world);
  await world.rows('delete from projector_cursor');
  await world.takeAll();
  expect(await dumpTables(world)).toEqual(before);
  // Two equal notes at two places are two.
  expect(await world.rows(`select from audit_chain where kind = 'audit'`)).toHaveLength(2);
});

test('gateways that read at the same time keep every line once', async () => {
  const world = await openHistory();
  for (let n = 0; n < 120; n += 1) await writeCase(world.redis);
  const others = await Promise.all(
    Array.from({ length: 4 }, async () => ({
      ...world,
      pool: openPool(world.databaseUrl),
      redis: await connect(world.redisUrl),
    })),
  );
  await Promise.all(
    others.map(async (gateway) => {
      const taker = createLogTaker(gateway.redis, randomUUID);
      while ((await followStream(gateway, taker)).kind === 'more');
    }),
  );
  const { lines, events } = await dumpTables(world);
  expect(lines).toHaveLength(480);
  expect(events).toHaveLength(120);
  expect(await world.rows('select from audit_chain')).toHaveLength(600);
  expect(await world.rows('select seq::int from audit_head')).toEqual([{ seq: 600 }]);
});

/** A pool of which the connections end before their `n`-th statement, as those of a killed process do. */
function dyingPool(pool: Pool, n: number): { readonly pool: Pool; readonly isDead: () => boolean } {
  let left = n;
  const connectMortal = async (): Promise<PoolClient> => {
    const client = await pool.connect();
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const release = client.release.bind(client);
    const mortal = async (...args: unknown[]): Promise<unknown> => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      return query(...args);
    };
    Object.assign(client, { query: mortal, release: () => release(true) });
    return client;
  };
  const query = pool.query.bind(pool);
  return { pool: { query, connect: connectMortal } as Pool, isDead: () => left < 0 };
}

test('killed before any statement, the next pass brings the same as if nothing had happened', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await writeCase(world.redis, { isClosed: false });
  for (let n = 0, isDead = true; isDead; n += 1) {
    await world.rows(`truncate audit_chain, incident_log, incidents, events, personal_texts, projector_cursor`);
    await world.rows(`update audit_head set seq = 0, hash = decode(repeat('00', 32), 'hex')`);
    const mortal = dyingPool(world.pool, n);
    await followStream({ ...world, pool: mortal.pool }, world.logTaker).catch(() => undefined);

    isDead = mortal.isDead();
    expect(await world.rows('select from incident_log')).toHaveLength(isDead ? 0 : 7);
    await world.takeAll();
    const { lines, incidents, events, texts, kinds } = await dumpTables(world);
    expect([lines, incidents, events, texts, kinds].map(({ length }) => length)).toEqual([7, 2, 2, 2, 9]);
    if (!isDead) expect(n).toBeGreaterThan(8);
  }
});

test('a Redis that came back empty under another name is read from its beginning, and nothing is doubled', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await world.takeAll();
  const dump = await world.redis.dumpBuffer(INCIDENT_KEYS.log);
  await world.redis.flushdb();
  await world.redis.set(REDIS_KEYS.lineage, 'life-2');
  // Whoever fills it again brings the old lines back, and a press comes.
  await world.redis.restore(INCIDENT_KEYS.log, 0, dump);
  await writeCase(world.redis);
  await world.takeAll();
  expect(await world.rows('select from incident_log')).toHaveLength(8);
  expect(await world.rows('select from events')).toHaveLength(2);
  expect(await world.rows(`select from audit_chain where kind = 'set-back'`)).toHaveLength(1);
});

test('a Redis with an older state under its old name is read from its beginning too', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  const dump = await world.redis.dumpBuffer(INCIDENT_KEYS.log);
  await writeCase(world.redis);
  await world.takeAll();
  await world.redis.restore(INCIDENT_KEYS.log, 0, dump, 'REPLACE');
  await world.takeAll();
  // Its clock was set back as well: what comes now stands before what is known.
  const old = await world.redis.xinfo('STREAM', INCIDENT_KEYS.log);
  expect(old).toBeDefined();
  const entry = JSON.stringify({ incidentId: null, type: 'logged', actor: 'system', at: 5, data: {} });
  const [last] = await world.redis.xrevrange(INCIDENT_KEYS.log, '+', '-', 'COUNT', 1);
  const [ms, seq] = (last?.[0] ?? '0-0').split('-').map(Number);
  await world.redis.xadd(INCIDENT_KEYS.log, `${ms}-${(seq ?? 0) + 1}`, 'entry', entry);
  await world.takeAll();
  expect(await world.rows('select from incident_log')).toHaveLength(9);
  expect(await world.rows(`select from audit_chain where kind = 'set-back'`)).toHaveLength(1);
});

test('the higher version of an incident wins, whatever comes later', async () => {
  const world = await openHistory();
  const { incident } = await writeCase(world.redis);
  await world.takeAll();
  const line = { incidentId: incident.id, type: 'opened', actor: 'system', at: 5, data: {} };
  await addLine(world.redis, line, { ...incident, version: 2, state: 'open' });
  await world.takeAll();
  expect(await world.rows('select version, state from incidents')).toEqual([{ version: 3, state: 'resolved' }]);
  await addLine(world.redis, line, { ...incident, version: 4, state: 'open' });
  await world.takeAll();
  expect(await world.rows('select version, state, closed_at from incidents')).toEqual([
    { version: 4, state: 'open', closed_at: null },
  ]);
});

test('a line that nobody can read, and half letters, stop nothing', async () => {
  const world = await openHistory();
  await world.redis.xadd(INCIDENT_KEYS.log, '*', 'entry', 'no json\0', 'incident', '{"id":7}');
  await world.redis.xadd(INCIDENT_KEYS.log, '*', 'nothing', 'here');
  await world.redis.xadd(REDIS_KEYS.audit, '*', 'entry', '\0');
  await writeCase(world.redis, { text: 'half \ud800 a letter and \0' });
  await world.takeAll();
  const types = await world.rows<{ type: string }>('select type from incident_log order by audit_seq');
  expect(types.map(({ type }) => type)).toEqual(['unreadable', 'unreadable', 'opened', 'received', 'note', 'resolve']);
  expect((await world.rows<{ said: string }>('select said from personal_texts'))[0]?.said).toContain('half');
});

test('while the data of Redis has no name, nothing is taken', async () => {
  const world = await openHistory();
  await writeCase(world.redis);
  await world.redis.del(REDIS_KEYS.lineage);
  expect(await followStream(world, world.logTaker)).toEqual({ kind: 'nameless' });
  expect(await followStream(world, auditTaker)).toEqual({ kind: 'nameless' });
});
