import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine, TICK_MS } from '../../../gateway/escalation/engine.ts';
import type { CommitPlan } from '../../../gateway/incidents/commit.ts';
import { planDue } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { isOpen, type OpenIncident } from '../../../gateway/incidents/record.ts';
import { HOUR, MINUTE, NOW, openIncident, SECOND } from '../incidents/build.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An engine on a board of its own; `commit` is as the store's: it answers, refuses, fails or hangs. */
function createWorld(...incidents: OpenIncident[]) {
  const board = new Map<string, OpenIncident>(incidents.map((each) => [each.id, each]));
  const world = {
    board,
    wallMs: NOW,
    monoMs: 0,
    rang: [] as string[],
    commit: async (plan: CommitPlan): Promise<unknown> => {
      for (const { record, was } of plan.incidents) {
        if (board.get(record.id)?.version !== was?.version || !isOpen(record)) return { kind: 'conflict' };
        board.set(record.id, record);
        world.rang.push(record.id);
        engine.put(record, false);
      }
      return { kind: 'done' };
    },
    /** Lets time go by, tick by tick. */
    pass: async (ms: number): Promise<void> => {
      for (let passed = 0; passed < ms; passed += TICK_MS) {
        world.wallMs += TICK_MS;
        world.monoMs += TICK_MS;
        await vi.advanceTimersByTimeAsync(TICK_MS);
      }
    },
  };
  const engine = createEngine({
    find: (id) => board.get(id),
    open: () => [...board.values()],
    plan: (incident, nowMs) => planDue(incident, () => NOBODY, nowMs),
    commit: (plan) => world.commit(plan),
    clock: { nowMs: () => world.wallMs, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
  });
  return { world, engine };
}

describe('The engine', () => {
  test('lets an unanswered emergency ring every 15 s', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    await world.pass(61 * SECOND);
    expect(world.rang).toHaveLength(4);
    await engine.stop();
  });

  test('rings for what it was never told of, because it looks at the board', async () => {
    const { world, engine } = createWorld();
    engine.start();
    await world.pass(SECOND);
    const missed = openIncident({ updatedAt: world.wallMs, rangAt: world.wallMs, progressAt: world.wallMs });
    world.board.set(missed.id, missed);
    await world.pass(16 * SECOND);
    expect(world.rang).toEqual([missed.id]);
    await engine.stop();
  });

  test('rings on time while the wall clock jumps either way', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    for (const jump of [10 * HOUR, -25 * HOUR, 3 * HOUR]) {
      world.rang.length = 0;
      world.wallMs += jump;
      await world.pass(46 * SECOND);
      expect(world.rang.length).toBeGreaterThanOrEqual(2);
      expect(world.rang.length).toBeLessThanOrEqual(4);
    }
    await engine.stop();
  });

  test('drops what was resolved, also when nobody told it', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    await world.pass(SECOND);
    expect(engine.health().waiting).toBe(1);
    world.board.clear();
    await world.pass(SECOND);
    expect(engine.health().waiting).toBe(0);
    await engine.stop();
  });

  test('tries a commit that failed again a second later, for ever', async () => {
    const { world, engine } = createWorld(openIncident());
    let attempts = 0;
    world.commit = async () => {
      attempts += 1;
      throw new Error('Redis is away');
    };
    engine.start();
    await world.pass(25 * SECOND);
    expect(attempts).toBeGreaterThanOrEqual(9);
    expect(attempts).toBeLessThanOrEqual(11);
    expect(engine.health().failures).toBe(attempts);
    await engine.stop();
  });

  test('one commit that never answers keeps no other incident from ringing', async () => {
    const stuck = openIncident();
    const other = openIncident({ openedAt: NOW + SECOND });
    const { world, engine } = createWorld(stuck, other);
    const { commit } = world;
    world.commit = (plan) =>
      plan.incidents[0]?.record.id === stuck.id ? new Promise<never>(() => undefined) : commit(plan);
    engine.start();
    await world.pass(MINUTE);
    expect(world.rang.filter((id) => id === other.id).length).toBeGreaterThanOrEqual(2);
    expect(engine.health().lastRunMonoMs).toBeGreaterThan(50 * SECOND);
    const stopped = engine.stop();
    await world.pass(6 * SECOND);
    await stopped;
  });

  test('one record that cannot be read keeps no other incident from ringing', async () => {
    const other = openIncident();
    const { world, engine } = createWorld(other);
    const broken = { ...openIncident(), state: 'of-a-newer-version' };
    (world.board as Map<string, unknown>).set(broken.id, broken);
    engine.start();
    await world.pass(16 * SECOND);
    expect(world.rang).toEqual([other.id]);
    expect(engine.health().failures).toBeGreaterThan(0);
    await engine.stop();
  });

  test('follows a board that was made anew with lower versions', async () => {
    const incident = openIncident({ version: 9 });
    const { world, engine } = createWorld(incident);
    engine.start();
    await world.pass(SECOND);
    world.board.set(incident.id, { ...incident, version: 1 });
    await world.pass(16 * SECOND);
    expect(world.rang).toEqual([incident.id]);
    await engine.stop();
  });

  test('may be started and stopped twice', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    engine.start();
    await engine.stop();
    await engine.stop();
    await world.pass(20 * SECOND);
    expect(world.rang).toEqual([]);
  });
});
