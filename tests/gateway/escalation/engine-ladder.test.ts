import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { TICK_MS } from '../../../gateway/escalation/engine.ts';
import { planDue } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { HOUR, MINUTE, NOW, openIncident, SECOND } from '../incidents/build.ts';
import { createWorld, EVERYBODY } from './engine-world.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('The engine', () => {
  test('takes each step of the ladder at its time, and what is due at once in the same moment', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = EVERYBODY;
    engine.start();
    await world.pass(2 * MINUTE + SECOND);
    expect(world.lines).toEqual([
      '0 step duty-operators',
      '0 rang duty-operators',
      '0 step contacts',
      '15 step all-operators',
      '15 rang all-operators',
      '30 step supervisors',
      '30 rang supervisors',
      '45 rang ring-again',
      '60 step duty-helpers',
      '60 rang ring-again',
      '75 rang ring-again',
      '90 rang ring-again',
      '105 rang ring-again',
      '120 step begin-again',
      '120 step duty-operators',
      '120 rang duty-operators',
    ]);
    expect(world.nobody).toBe(0);
    await engine.stop();
  });

  test('rings on in a later pass where nobody is there for the last steps: a step that is passed over alone is in the log', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = (target, incident) =>
      target === 'duty-operators' || target === 'all-operators' ? EVERYBODY(target, incident) : NOBODY;
    engine.start();
    await world.pass(3 * MINUTE);
    const at = world.lines.filter((line) => line.includes('rang')).map((line) => Number(line.split(' ')[0]));
    for (const [index, second] of [...at, 180].entries()) expect(second - (at[index - 1] ?? 0)).toBeLessThanOrEqual(16);
    expect(world.lines.filter((line) => line.includes('supervisors'))).toEqual([
      '30 step supervisors',
      '120 step supervisors',
    ]);
    await engine.stop();
  });

  test('fires what is put and due already at once, not at the next tick', async () => {
    const { world, engine } = createWorld();
    world.reach = EVERYBODY;
    engine.start();
    await world.pass(SECOND);
    const fresh = openIncident({ updatedAt: world.wallMs, rangAt: world.wallMs });
    world.board.set(fresh.id, fresh);
    engine.put(fresh, false);
    await vi.advanceTimersByTimeAsync(1);
    expect(world.rang).toEqual([fresh.id]);
    await engine.stop();
  });

  test('passes over every step for which nobody is there in one go, and begins again after 15 s', async () => {
    const { world, engine } = createWorld(openIncident());
    engine.start();
    await world.pass(TICK_MS);
    expect(world.lines).toHaveLength(5);
    expect(world.nobody).toBe(1);
    await world.pass(15.5 * SECOND);
    expect(world.nobody).toBe(2);
    expect(world.lines.slice(5).toSorted()).toEqual(['15 rang ring-again', '15 step begin-again']);
    await engine.stop();
  });

  test('asks the helper at once when there is no console, and the family is not told again at each pass', async () => {
    const { world, engine } = createWorld(openIncident());
    const asked: string[] = [];
    world.reach = (target) => {
      if (target !== 'duty-helpers' && target !== 'contacts') return NOBODY;
      asked.push(target);
      return { ...NOBODY, notify: [{ kind: target === 'contacts' ? 'contact' : 'user', id: 'x' }] };
    };
    engine.start();
    await world.pass(TICK_MS);
    expect(asked).toEqual(['contacts', 'duty-helpers']);
    await world.pass(61 * SECOND);
    expect(asked).toEqual(['contacts', 'duty-helpers', 'duty-helpers']);
    expect(world.nobody).toBe(0);
    expect(world.somebody).toBe(2);
    await engine.stop();
  });

  test('says that nobody was reached where only the family was told', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = (target) => (target === 'contacts' ? { ...NOBODY, notify: [{ kind: 'contact', id: 'c1' }] } : NOBODY);
    engine.start();
    await world.pass(TICK_MS);
    expect(world.nobody).toBe(1);
    await engine.stop();
  });

  test('lets a case lapse whose owner is gone, and calls for another from the first step on', async () => {
    const claimed = openIncident({ state: 'claimed', ownerId: 'u1', ladder: null, ringing: false, circles: [] });
    const { world, engine } = createWorld(claimed);
    world.reach = EVERYBODY;
    engine.start();
    await world.pass(SECOND);
    expect(world.lines).toEqual([]);
    world.lapsed.add('u1');
    await world.pass(2 * TICK_MS);
    expect(world.lines.map((line) => line.slice(2))).toEqual([
      'lapsed',
      'rang lapsed',
      'step duty-operators',
      'rang duty-operators',
    ]);
    expect(world.board.get(claimed.id)).toMatchObject({ state: 'open', ownerId: null, ringing: true });
    await engine.stop();
  });

  test('leaves what is shelved on its shelf when its owner goes, and nobody has it then', async () => {
    const shelvedUntil = NOW + 10 * MINUTE;
    const shelved = openIncident({ state: 'shelved', ownerId: 'u1', ladder: null, ringing: false, shelvedUntil });
    const { world, engine } = createWorld(shelved);
    world.lapsed.add('u1');
    engine.start();
    await world.pass(MINUTE);
    expect(world.lines).toEqual(['0 lapsed']);
    expect(world.board.get(shelved.id)).toMatchObject({ state: 'shelved', ownerId: null, ringing: false });
    await world.pass(9 * MINUTE + SECOND);
    expect(world.board.get(shelved.id)).toMatchObject({ state: 'open', ringing: true });
    await engine.stop();
  });

  test('keeps the distance of the steps when the wall clock jumps ahead between two of them', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = EVERYBODY;
    engine.start();
    await world.pass(10 * SECOND);
    world.wallMs += 5 * HOUR;
    await world.pass(61 * SECOND);
    const steps = world.lines.filter((line) => line.includes(' step '));
    expect(steps).toEqual([
      '0 step duty-operators',
      '0 step contacts',
      '15 step all-operators',
      '30 step supervisors',
      '60 step duty-helpers',
    ]);
    await engine.stop();
  });

  test('after standing still takes every step that was missed in one go', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = EVERYBODY;
    world.wallMs += 70 * SECOND;
    engine.put([...world.board.values()][0] ?? openIncident(), true);
    engine.start();
    await world.pass(2 * TICK_MS);
    const steps = world.lines.filter((line) => line.includes(' step '));
    expect(steps).toHaveLength(5);
    await engine.stop();
  });

  test('fires the most urgent first when more are due than commits may be on their way', async () => {
    const service = Array.from({ length: 200 }, () => openIncident({ type: 'service' }));
    const sos = openIncident();
    const { world, engine } = createWorld(...service, sos);
    world.reach = EVERYBODY;
    engine.start();
    await world.pass(TICK_MS);
    expect(world.rang[0]).toBe(sos.id);
    expect(new Set(world.rang).size).toBe(201);
    await engine.stop();
  });

  test('does not count anew what a slow commit took', async () => {
    const { world, engine } = createWorld(openIncident());
    world.reach = EVERYBODY;
    const { commit } = world;
    world.commit = async (plan) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 4 * SECOND);
      });
      return commit(plan);
    };
    engine.start();
    await world.pass(40 * SECOND);
    const steps = world.lines.filter((line) => line.includes(' step '));
    // Each four seconds after its time, and none of them later than that.
    expect(steps).toEqual(['4 step duty-operators', '4 step contacts', '19 step all-operators', '34 step supervisors']);
    await engine.stop();
  });

  test('keeps whole milliseconds however finely the monotonic clock counts: fractions set steps of one moment apart', () => {
    for (let n = 0; n < 200; n += 1) {
      const ladder = { pass: 1, next: 2, startedAt: NOW, hasReached: true, exceptId: null };
      const incident = openIncident({ ladder, rangAt: NOW + 14_000 });
      const due = planDue(incident, EVERYBODY, { nowMs: NOW + 15_001 + n, lateMs: n * 0.377 });
      const after = due?.plan.incidents[0]?.record;
      expect([after?.updatedAt, after?.ladder?.startedAt].every(Number.isInteger)).toBe(true);
    }
  });
});
