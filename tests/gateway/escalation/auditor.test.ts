import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { findUndelivered } from '../../../gateway/escalation/audit.ts';
import { AUDIT_EVERY_MS, createAuditor, OVERDUE_AFTER_MS } from '../../../gateway/escalation/auditor.ts';
import type { Damage } from '../../../gateway/escalation/close-hole.ts';
import { StoreSilentError } from '../../../gateway/incidents/store-silence.ts';
import { isOpen, type IncidentRecord, type OpenIncident } from '../../../gateway/incidents/record.ts';
import { MINUTE, NOW, openIncident, resolvedIncident, SECOND } from '../incidents/build.ts';

/** Store, board and index of one gateway; `close` writes down what the auditor did by itself. */
function createWorld(...incidents: OpenIncident[]) {
  const world = {
    wallMs: NOW,
    monoMs: 0,
    store: new Map<string, IncidentRecord>(incidents.map((each) => [each.id, each])),
    openSet: new Set<string>(incidents.map(({ id }) => id)),
    index: new Map<string, string[]>(),
    board: new Map<string, OpenIncident>(incidents.map((each) => [each.id, each])),
    put: new Set<string>(),
    closed: [] as (Damage & { readonly id: string })[],
    standing: new Set<string>(),
    isStoreUp: true,
    undispatched: null as string | null,
    undelivered: null as string | null,
    reads: 0,
    /** What happens to the store late in a look. */
    duringLook: (): void => undefined,
    /** Time goes by, and the auditor looks every 5 s. */
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += AUDIT_EVERY_MS) {
        world.wallMs += AUDIT_EVERY_MS;
        world.monoMs += AUDIT_EVERY_MS;
        await auditor.turn();
      }
    },
  };
  for (const { id, subject } of incidents) world.index.set(subject, [...(world.index.get(subject) ?? []), id]);
  const answer = async <T>(make: () => T): Promise<T> => {
    if (!world.isStoreUp) throw new StoreSilentError('no-answer', null);
    return make();
  };
  const auditor = createAuditor({
    open: () => [...world.board.values()],
    reads: {
      openIds: () => answer(() => [...world.openSet]),
      someIds: (from, count) => answer(() => [...world.store.keys()].slice(from, from + count)),
      indexOf: (subjects) =>
        answer(() => new Map(subjects.map((subject) => [subject, world.index.get(subject) ?? []]))),
      oldestUndispatched: () =>
        answer(() => {
          world.duringLook();
          return world.undispatched;
        }),
    },
    loadIncidents: (ids) =>
      answer(() => {
        world.reads += ids.length;
        return ids.flatMap((id) => world.store.get(id) ?? []);
      }),
    oldestUndelivered: () => world.undelivered,
    adopt: (record) => {
      if (isOpen(record)) world.board.set(record.id, record);
      else world.board.delete(record.id);
    },
    put: ({ id }) => void world.put.add(id),
    close: async ({ id }, damage) => {
      world.closed.push({ id, ...damage });
    },
    raise: (code) => void world.standing.add(code),
    restore: (code) => void world.standing.delete(code),
    clock: { nowMs: () => world.wallMs, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
  });
  return { world, auditor };
}

/** One that somebody attends to: nothing is due for a long time. */
const calm = (): OpenIncident =>
  openIncident({ type: 'service', lane: 'service', priority: 3, state: 'claimed', ownerId: 'u1', ladder: null });

test('where everything is as it should be it finds nothing', async () => {
  const { world, auditor } = createWorld(calm(), calm());
  await world.pass(20 * SECOND);
  expect(auditor.health()).toMatchObject({ holes: 0, open: 2, isComplete: true, found: {} });
  expect(world.closed).toEqual([]);
  expect(world.standing.size).toBe(0);
});

test('a deadline that nobody fired is found, put and fired, and told until it is over', async () => {
  const incident = calm();
  const { world, auditor } = createWorld(incident);
  await world.pass(30 * MINUTE);
  expect(world.closed).toEqual([]);
  await world.pass(OVERDUE_AFTER_MS + AUDIT_EVERY_MS);
  expect(world.closed[0]).toEqual({ id: incident.id, isOverdue: true, isUnindexed: false });
  expect(world.put).toContain(incident.id);
  expect([...world.standing]).toEqual(['p3-hole']);
  expect(auditor.health().mostOverdueMs).toBeGreaterThan(OVERDUE_AFTER_MS);
  const fired = { ...incident, version: 2, progressAt: world.wallMs, updatedAt: world.wallMs, rangAt: world.wallMs };
  world.board.set(fired.id, fired);
  world.store.set(fired.id, fired);
  await world.pass(AUDIT_EVERY_MS);
  expect(world.standing).toContain('p3-hole');
  await world.pass(AUDIT_EVERY_MS);
  expect(world.standing.size).toBe(0);
});

test('while Redis is away the deadlines of the board are judged all the same', async () => {
  const { world, auditor } = createWorld(openIncident());
  world.isStoreUp = false;
  await world.pass(MINUTE);
  expect(world.closed[0]).toMatchObject({ isOverdue: true });
  expect(auditor.health().isComplete).toBe(false);
});

test('a wall clock that jumps makes nothing late', async () => {
  const { world } = createWorld(calm());
  await world.pass(10 * SECOND);
  world.wallMs += 60 * MINUTE;
  await world.pass(10 * SECOND);
  world.wallMs -= 300 * MINUTE;
  await world.pass(10 * SECOND);
  expect(world.standing.size).toBe(0);
});

test('after a machine that stood still the engine fires first', async () => {
  const { world } = createWorld(calm());
  await world.pass(AUDIT_EVERY_MS);
  world.monoMs += 60 * MINUTE;
  world.wallMs += 60 * MINUTE;
  await world.pass(AUDIT_EVERY_MS);
  expect(world.closed).toEqual([]);
  await world.pass(AUDIT_EVERY_MS);
  expect(world.closed).toHaveLength(1);
});

test('an open incident that the list of open ones lacks is found at the second look', async () => {
  const incident = calm();
  const { world } = createWorld(incident);
  world.openSet.delete(incident.id);
  await world.pass(AUDIT_EVERY_MS);
  expect(world.closed).toEqual([]);
  await world.pass(AUDIT_EVERY_MS);
  expect(world.closed).toEqual([{ id: incident.id, isOverdue: false, isUnindexed: false }]);
  expect([...world.standing]).toEqual(['p3-hole']);
});

test('one that this gateway never heard of gets onto its board and into its engine', async () => {
  const incident = calm();
  const { world } = createWorld(incident);
  world.board.clear();
  await world.pass(2 * AUDIT_EVERY_MS);
  expect(world.board.get(incident.id)).toEqual(incident);
  expect(world.put).toContain(incident.id);
});

test('one of an older version gets the newer one, and what was closed leaves the board without a word', async () => {
  const behind = calm();
  const closed = calm();
  const { world } = createWorld(behind, closed);
  world.store.set(behind.id, { ...behind, version: 7 });
  world.store.set(closed.id, { ...resolvedIncident(), id: closed.id, version: 2 });
  world.openSet.delete(closed.id);
  await world.pass(2 * AUDIT_EVERY_MS);
  expect(world.board.get(behind.id)?.version).toBe(7);
  expect(world.board.has(closed.id)).toBe(false);
  expect(world.closed.map(({ id }) => id)).not.toContain(closed.id);
});

test('one that the index of its subject lacks is put back there', async () => {
  const incident = calm();
  const { world } = createWorld(incident);
  world.index.clear();
  await world.pass(2 * AUDIT_EVERY_MS);
  expect(world.closed).toEqual([{ id: incident.id, isOverdue: false, isUnindexed: true }]);
});

test('a list of open incidents that names nothing is told', async () => {
  const { world, auditor } = createWorld();
  world.openSet.add('inc-gone');
  await world.pass(2 * AUDIT_EVERY_MS);
  expect(auditor.health().found).toEqual({ 'record-missing': 1 });
  expect([...world.standing]).toEqual(['p3-hole']);
});

test('a record that gives no deadline is told and keeps no other from being looked at', async () => {
  const late = calm();
  const { world, auditor } = createWorld(late);
  const broken = { ...openIncident({ state: 'claimed', ladder: null }), state: 'of-a-newer-version' };
  (world.board as Map<string, unknown>).set(broken.id, broken);
  await world.pass(31 * MINUTE);
  expect(auditor.health().found['no-deadline']).toBeGreaterThan(0);
  expect(world.closed.map(({ id }) => id)).toContain(late.id);
});

test('an acknowledged alarm that nobody dispatches is told after 15 s, one that moves on is not', async () => {
  const { world, auditor } = createWorld();
  for (let n = 0; n < 10; n += 1) {
    world.undispatched = `${n}-0`;
    world.undelivered = `alarm-${n}`;
    await world.pass(AUDIT_EVERY_MS);
  }
  expect(world.standing.size).toBe(0);
  await world.pass(20 * SECOND);
  expect(Object.keys(auditor.health().found).toSorted()).toEqual(['undelivered', 'undispatched']);
  expect([...world.standing]).toEqual(['p3-hole']);
});

test('Redis that falls silent late in a look leaves nothing unmended that was found before', async () => {
  const incident = calm();
  const { world, auditor } = createWorld(incident);
  world.openSet.delete(incident.id);
  world.duringLook = () => {
    throw new StoreSilentError('no-answer', null);
  };
  await world.pass(2 * AUDIT_EVERY_MS);
  expect(world.closed).toEqual([{ id: incident.id, isOverdue: false, isUnindexed: false }]);
  expect([...world.standing]).toEqual(['p3-hole']);
  expect(auditor.health()).toMatchObject({ holes: 1, isComplete: false });
});

test('that it failed to look is over after the next whole look', async () => {
  const { world } = createWorld(calm());
  world.duringLook = () => {
    throw new TypeError('of the test');
  };
  await world.pass(AUDIT_EVERY_MS);
  expect([...world.standing]).toEqual(['auditor-failed']);
  world.isStoreUp = false;
  await world.pass(AUDIT_EVERY_MS);
  expect([...world.standing]).toEqual(['auditor-failed']);
  world.isStoreUp = true;
  world.duringLook = () => undefined;
  await world.pass(AUDIT_EVERY_MS);
  expect(world.standing.size).toBe(0);
});

test('an alarm that Redis lacks is a hole where Redis answers, also where its answers are never durable', () => {
  const lacking = (status: 'ok' | 'degraded' | 'failed', isProven: boolean) =>
    findUndelivered({ status, isProven, oldest: 'alarm-1' });
  expect(lacking('ok', true)).toBe('alarm-1');
  expect(lacking('degraded', false)).toBe('alarm-1');
  // It is being filled again.
  expect(lacking('degraded', true)).toBeNull();
  expect(lacking('failed', false)).toBeNull();
});

test('with very many open incidents each look reads a part, and all of them in turn', async () => {
  const many = Array.from({ length: 2500 }, calm);
  const { world } = createWorld(...many);
  await world.pass(AUDIT_EVERY_MS);
  expect(world.reads).toBe(1000);
  const hidden = many.at(-1);
  world.index.set(
    hidden?.subject ?? '',
    many.slice(0, -1).map(({ id }) => id),
  );
  await world.pass(4 * AUDIT_EVERY_MS);
  expect(world.closed.map(({ id }) => id)).toContain(hidden?.id);
});

const DAMAGES = ['none', 'unlisted', 'off-board', 'behind', 'unindexed', 'unlisted-and-off-board'] as const;

test('whatever is damaged is touched within two looks, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...DAMAGES), { maxLength: 30 }), async (damages) => {
      const incidents = damages.map((_damage, n) => ({ ...calm(), subject: `resident:${n}` }));
      const { world } = createWorld(...incidents);
      for (const [n, damage] of damages.entries()) {
        const incident = incidents[n];
        if (incident === undefined) continue;
        const { id, subject } = incident;
        if (damage.startsWith('unlisted')) world.openSet.delete(id);
        if (damage.endsWith('off-board')) world.board.delete(id);
        if (damage === 'behind') world.store.set(id, { ...incident, version: 5 });
        if (damage === 'unindexed') world.index.delete(subject);
      }
      await world.pass(2 * AUDIT_EVERY_MS);
      const touched = new Set(world.closed.map(({ id }) => id));
      for (const [n, { id }] of incidents.entries()) {
        expect(touched.has(id)).toBe(damages[n] !== 'none');
        expect(world.board.has(id)).toBe(true);
      }
      expect(world.standing.has('p3-hole')).toBe(touched.size > 0);
    }),
    { numRuns: 60 },
  );
});
