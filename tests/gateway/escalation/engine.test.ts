import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HOUR, MINUTE, NOW, openIncident, SECOND } from '../incidents/build.ts';
import { createWorld } from './engine-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('The engine', () => {
  test('lets an unanswered emergency ring every 15 s', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    await world.pass(61 * SECOND);
    expect(world.rang).toHaveLength(4);
    expect(world.nobody).toBe(5);
    await engine.stop();
  });

  test('rings for what it was never told of, because it looks at the board', async () => {
    const { world, engine } = createWorld();
    engine.start();
    await world.pass(SECOND);
    const missed = openIncident({ updatedAt: world.wallMs, rangAt: world.wallMs, progressAt: world.wallMs });
    world.board.set(missed.id, missed);
    await world.pass(15.5 * SECOND);
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

  test('starts with a record of another version, says once that it has no deadline, and rings for the others', async () => {
    const foreign = {
      ...openIncident({ openedAt: NOW + SECOND }),
      state: 'of-a-newer-version' as 'open',
      ladder: null,
    };
    const other = openIncident();
    const { world, engine } = createWorld(foreign, other);
    for (const incident of world.board.values()) engine.put(incident, true);
    engine.start();
    await world.pass(9 * SECOND);
    expect(engine.health()).toMatchObject({ failures: 1, waiting: 1 });
    await world.pass(7 * SECOND);
    expect(world.rang).toEqual([other.id]);
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
    expect(attempts).toBeGreaterThanOrEqual(24);
    expect(attempts).toBeLessThanOrEqual(26);
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
    await world.pass(15.5 * SECOND);
    expect(world.rang).toEqual([other.id]);
    // Said now and then, not four times a second.
    expect(engine.health().failures).toBe(2);
    await engine.stop();
  });

  test('follows a board that was made anew with lower versions', async () => {
    const incident = openIncident({ version: 9 });
    const { world, engine } = createWorld(incident);
    engine.start();
    await world.pass(SECOND);
    world.board.set(incident.id, { ...incident, version: 1 });
    await world.pass(15.5 * SECOND);
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
