import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PersonNow } from '../../../../gateway/escalation/people.ts';
import { INCIDENT_EVENTS } from '../../../../gateway/incidents/machine.ts';
import { HOUR, MINUTE, openIncident, SECOND } from '../../incidents/build.ts';
import { Model, type Fault } from './model.ts';
import { CALM_BOUND_MS, look, LOOK_MS, pass, TROUBLED_BOUND_MS } from './watch.ts';

/** Minutes of several gateways, some hundred times over: a second or two, more where others work too. */
vi.setConfig({ testTimeout: 60_000 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const person = (userId: string, role: PersonNow['roles'][number], isAtConsole: boolean): PersonNow => ({
  userId,
  roles: [role],
  regions: ['*'],
  isPresent: isAtConsole,
  isOnDuty: true,
});
const STAFF = [
  person('u1', 'operator', true),
  person('u2', 'operator', true),
  person('u9', 'supervisor', true),
  person('h1', 'helper', false),
];

/** A fresh incident, opened now by a gateway's clock. */
function open(type: 'sos' | 'bed-exit' | 'service' | 'low-battery' | 'duress', wallOffMs = 0) {
  const nowMs = Date.now() + wallOffMs;
  const run = { pass: 1, next: 0, startedAt: nowMs, hasReached: false, exceptId: null };
  const times = { openedAt: nowMs, updatedAt: nowMs, rangAt: nowMs, progressAt: nowMs, askedAt: nowMs };
  return openIncident({ type, residentId: 'r1', ladder: run, ...times });
}

const staff = fc.subarray(STAFF);
const fault = fc.constantFrom<Fault>('refuses', 'loses-answer', 'silent', 'silent-but-done');
const gap = fc.oneof(fc.integer({ min: 0, max: 2 * SECOND }), fc.integer({ min: 0, max: 40 * SECOND }));
const happening = fc.oneof(
  fc.record({ kind: fc.constant('open' as const), type: fc.constantFrom('sos', 'bed-exit', 'service', 'duress') }),
  fc.record({
    kind: fc.constant('act' as const),
    which: fc.nat(),
    event: fc.oneof(fc.constantFrom(...INCIDENT_EVENTS), fc.constantFrom('join', 'claim', 'step', 'dispatch')),
    actor: fc.constantFrom('u1', 'u2'),
  }),
  fc.record({ kind: fc.constant('lapse' as const), actor: fc.constantFrom('u1', 'u2') }),
  fc.record({ kind: fc.constant('staff' as const), people: staff }),
  fc.record({ kind: fc.constant('jump' as const), which: fc.nat(), ms: fc.integer({ min: -9 * HOUR, max: 9 * HOUR }) }),
  fc.record({ kind: fc.constant('kill' as const), which: fc.nat() }),
  fc.record({ kind: fc.constant('start' as const), wallOffMs: fc.constantFrom(0, -3 * HOUR, 3 * HOUR) }),
  fc.record({ kind: fc.constant('faults' as const), faults: fc.array(fault, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('away' as const), forMs: fc.integer({ min: SECOND, max: 50 * SECOND }) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A deadline that is not carried out here; the engine's are. */
const BY_ENGINE: readonly string[] = ['climb', 'pass-over', 'pass-again', 'deadline', 'overdue', 'lapse'];

async function happen(model: Model, what: Happening, boundMs: number): Promise<void> {
  const alive = model.alive();
  switch (what.kind) {
    case 'open': {
      const [gateway] = alive;
      if (gateway === undefined) return;
      const incident = open(what.type, gateway.wallOffMs);
      if (model.isAway) for (const each of alive) model.deliver(each, incident);
      else model.save(incident);
      return;
    }
    case 'act': {
      const ids = [...model.store.keys()];
      const [gateway, id] = [alive[what.which % alive.length], ids[what.which % ids.length]];
      if (gateway === undefined || id === undefined || BY_ENGINE.includes(what.event)) return;
      model.lapsedSince.delete(what.actor);
      const press = { type: 'sos', priority: 1, flags: [] } as const;
      const more = { press, helperId: 'h1', handoverTo: 'u2', shelvedUntil: Date.now() + 20 * MINUTE };
      model.act(gateway, id, what.event, { ownerId: what.actor, ...more });
      return;
    }
    case 'lapse':
      model.lapsedSince.set(what.actor, model.nowMs());
      return;
    case 'staff':
      model.people = what.people;
      return;
    case 'jump': {
      const gateway = alive[what.which % alive.length];
      if (gateway !== undefined) gateway.wallOffMs += what.ms;
      return;
    }
    case 'kill': {
      const gateway = alive[what.which % alive.length];
      // While the store is away the last one would take what only it knows with it; its journal brings that back.
      if (gateway !== undefined && !(model.isAway && alive.length === 1)) model.kill(gateway);
      return;
    }
    case 'start':
      if (alive.length < 3 && !model.isAway) model.start(what.wallOffMs);
      return;
    case 'faults':
      model.faults.push(...what.faults);
      return;
    case 'away':
      if (alive.length === 0) return;
      model.isAway = true;
      model.troubledAtMs = model.nowMs();
      await pass(model, what.forMs, boundMs);
      model.comeBack();
  }
}

async function run(model: Model, script: readonly (readonly [number, Happening])[], boundMs: number): Promise<void> {
  for (const [gapMs, what] of script) {
    await pass(model, gapMs, boundMs);
    await happen(model, what, boundMs);
    look(model, boundMs);
  }
  await pass(model, 45 * SECOND, boundMs);
}

describe('P3, whatever happens to whom', () => {
  test('no open incident is without a deadline and none is late beyond the bound, with faults, kills and jumping clocks', async () => {
    await fc.assert(
      fc
        .asyncProperty(
          fc.integer({ min: 1, max: 3 }),
          staff,
          fc.array(fc.tuple(gap, happening), { minLength: 3, maxLength: 15 }),
          fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 5 }),
          async (gateways, people, script, lags) => {
            let asked = 0;
            const model = new Model(() => lags[(asked += 1) % Math.max(1, lags.length)] ?? 0);
            model.people = people;
            for (let n = 0; n < gateways; n += 1) model.start();
            model.save(open('sos'));
            await run(model, script, TROUBLED_BOUND_MS);
          },
        )
        .afterEach(() => {
          vi.clearAllTimers();
        }),
      { numRuns: 120 },
    );
  });

  test('while nothing fails, a due step is at most a look late, also for whoever takes over', async () => {
    const calm = fc.oneof(
      happening.filter(({ kind }) => !['faults', 'away', 'kill'].includes(kind)),
      fc.record({ kind: fc.constant('kill' as const), which: fc.nat() }),
    );
    await fc.assert(
      fc
        .asyncProperty(
          fc.integer({ min: 1, max: 3 }),
          staff,
          fc.array(fc.tuple(gap, calm), { minLength: 3, maxLength: 15 }),
          async (gateways, people, script) => {
            const model = new Model();
            model.people = people;
            for (let n = 0; n < gateways; n += 1) model.start();
            model.save(open('sos'));
            await run(model, script, CALM_BOUND_MS);
          },
        )
        .afterEach(() => {
          vi.clearAllTimers();
        }),
      { numRuns: 120 },
    );
  });
});

const STEPS = { 'duty-operators': 0, 'all-operators': 15, supervisors: 30, 'duty-helpers': 60 } as const;

/** By when each step reached somebody, in milliseconds since the press. */
function firstReached(model: Model, incidentId: string, pressedAtMs: number): Map<unknown, number> {
  const first = new Map<unknown, number>();
  for (const { incidentId: id, type, step, isEmpty, atMs } of model.happened) {
    if (id === incidentId && type === 'step' && !isEmpty && !first.has(step)) first.set(step, atMs - pressedAtMs);
  }
  return first;
}

describe('An emergency that nobody takes', () => {
  /** Gateways die and come, one is always there; their clocks jump while they run and are right when they start. */
  const trouble = fc.oneof(
    fc.record({ kind: fc.constant('kill' as const), which: fc.nat() }),
    fc.record({
      kind: fc.constant('jump' as const),
      which: fc.nat(),
      ms: fc.integer({ min: -9 * HOUR, max: 9 * HOUR }),
    }),
    fc.record({ kind: fc.constant('start' as const), wallOffMs: fc.constant(0) }),
    fc.record({ kind: fc.constant('faults' as const), faults: fc.array(fault, { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('away' as const), forMs: fc.integer({ min: SECOND, max: 40 * SECOND }) }),
  );
  const soon = fc.integer({ min: 0, max: 12 * SECOND });

  test('reaches those on duty, then everybody, then supervisors, then helpers, each within its bound', async () => {
    await fc.assert(
      fc
        .asyncProperty(fc.array(fc.tuple(soon, trouble), { maxLength: 12 }), async (script) => {
          const model = new Model();
          model.people = STAFF;
          for (let n = 0; n < 3; n += 1) model.start();
          const sos = open('sos');
          const pressedAtMs = model.nowMs();
          model.save(sos);
          const faults = script.filter(([, { kind }]) => kind === 'faults' || kind === 'away').length;
          for (const [gapMs, what] of script) {
            await pass(model, gapMs, TROUBLED_BOUND_MS);
            if (what.kind === 'kill' && model.alive().length === 1) continue;
            await happen(model, what, TROUBLED_BOUND_MS);
          }
          await pass(model, 75 * SECOND, TROUBLED_BOUND_MS);
          const first = firstReached(model, sos.id, pressedAtMs);
          for (const [n, [step, afterS]] of Object.entries(STEPS).entries()) {
            // Each step is counted from the one before, and is fired at a look after it is due; each spell of trouble may cost the bound once.
            expect(first.get(step)).toBeLessThanOrEqual(
              afterS * SECOND + (n + 1) * CALM_BOUND_MS + 3 * faults * (TROUBLED_BOUND_MS + LOOK_MS),
            );
          }
        })
        .afterEach(() => {
          vi.clearAllTimers();
        }),
      { numRuns: 120 },
    );
  });

  test('without Redis each gateway goes on by itself: a step may happen twice, and none is left out', async () => {
    const model = new Model();
    model.people = STAFF;
    model.start();
    model.start();
    const sos = open('sos');
    model.save(sos);
    await pass(model, 10 * SECOND, CALM_BOUND_MS);
    model.isAway = true;
    await pass(model, 55 * SECOND, CALM_BOUND_MS);
    model.comeBack();
    await pass(model, 50 * SECOND, CALM_BOUND_MS);
    const steps = model.happened.filter(({ type, isEmpty }) => type === 'step' && !isEmpty).map(({ step }) => step);
    const count = (step: string) => steps.filter((each) => each === step).length;
    expect([count('duty-operators'), count('all-operators'), count('supervisors')]).toEqual([1, 2, 2]);
    expect(count('contacts')).toBe(1);
    // One call, told twice, is known as one by its id.
    expect(count('duty-helpers')).toBe(2);
    expect(new Set(model.notified.filter((id) => id.includes(':user:h1'))).size).toBe(1);
  });

  test('with nobody there at all tries again every 15 s and says so each time', async () => {
    const model = new Model();
    model.start();
    model.save(open('sos'));
    await pass(model, MINUTE, CALM_BOUND_MS);
    expect(model.nobodyReached).toBeGreaterThanOrEqual(4);
    model.people = [person('h1', 'helper', false)];
    await pass(model, 15 * SECOND, CALM_BOUND_MS);
    expect(model.happened.some(({ step, isEmpty }) => step === 'duty-helpers' && !isEmpty)).toBe(true);
  });
});
