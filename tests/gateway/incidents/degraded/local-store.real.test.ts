import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { planDue } from '../../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../../gateway/escalation/reach.ts';
import type { Command } from '../../../../gateway/incidents/command.ts';
import { createCommands } from '../../../../gateway/incidents/commands.ts';
import type { CommitPlan } from '../../../../gateway/incidents/commit.ts';
import { createAlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../../gateway/incidents/degraded/local-store.ts';
import { INCIDENT_KEYS } from '../../../../gateway/incidents/keys.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import { createIncidentStore, type IncidentStore } from '../../../../gateway/incidents/store.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { createRedis } from '../../../harness/redis.ts';
import { MINUTE, NOW, operator, colleague, pressed, register, SECOND, type EventChanges } from '../build.ts';
import { connect, silent } from '../world.ts';

const COMMANDS: readonly Command[] = [
  { name: 'claim', body: {} },
  { name: 'release', body: {} },
  { name: 'note', body: { text: 'he fell' } },
  { name: 'resolve', body: { outcome: 'helped', contact: 'spoke-with-person' } },
  { name: 'resolve', body: { outcome: 'helped' } },
  { name: 'resolve', body: { outcome: 'other', contact: 'spoke-with-person' } },
  { name: 'reopen', body: {} },
];

const PRESSES: readonly EventChanges[] = [
  {},
  { message: { type: 'smoke' } },
  { message: { type: 'test' } },
  { message: { kind: 'cancel' } },
  { message: { id: '7', at: NOW } },
  { message: { type: 'low-battery' } },
  { message: { kind: 'restored', type: 'low-battery' } },
  { deviceId: 'stranger', standing: 'unregistered' },
];

type Step =
  | { readonly kind: 'press'; readonly which: number; readonly device: number }
  | {
      readonly kind: 'act';
      readonly which: number;
      readonly on: number;
      readonly by: number;
      readonly key: string | null;
    }
  | { readonly kind: 'due'; readonly on: number }
  | { readonly kind: 'stale'; readonly on: number }
  | { readonly kind: 'wait'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('press' as const), which: fc.nat(PRESSES.length - 1), device: fc.nat(2) }),
  fc.record({
    kind: fc.constant('act' as const),
    which: fc.nat(COMMANDS.length - 1),
    on: fc.nat(1),
    by: fc.nat(1),
    key: fc.constantFrom(null, 'k1', 'k2'),
  }),
  fc.record({ kind: fc.constant('due' as const), on: fc.nat(1) }),
  fc.record({ kind: fc.constant('stale' as const), on: fc.nat(1) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(SECOND, 10 * SECOND, 10 * MINUTE) }),
);

/** Pressed, claimed, closed: chance alone does not bring that about every time. */
const CLOSED: readonly Step[] = [
  { kind: 'press', which: 0, device: 0 },
  { kind: 'act', which: 0, on: 0, by: 0, key: null },
  { kind: 'act', which: 3, on: 0, by: 0, key: null },
];

/** Everything that is told of incidents, without the ids of log entries, which only Redis gives. */
async function tell(store: IncidentStore, ids: readonly string[]) {
  const ranked = await store.loadIdsUntil(null, 0, 1000);
  return {
    ranked,
    older: await store.loadIdsUntil(NOW + 20 * SECOND, 1, 3),
    open: (await store.loadOpen()).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    known: await store.loadIncidents(ids),
    details: await Promise.all(
      ranked.map(async ({ id }) => ({
        events: await store.loadEvents(id),
        entries: (await store.loadEntries(id)).map(({ id: _id, ref: _ref, hash: _hash, ...entry }) => entry),
      })),
    ),
  };
}

/** One gateway that works on this store, with a clock and random choices of its own that repeat. */
function openSide(store: IncidentStore) {
  const state = { nowMs: NOW };
  const clock = { nowMs: () => state.nowMs, monoMs: () => state.nowMs };
  const decide = createAlarmDecider({ store, directory: () => register(), choosePolicy, clock });
  const commands = createCommands({ store, directory: () => register(), choosePolicy, clock });
  const incidentOf = async (n: number) => (await store.loadIdsUntil(null, 0, 1000)).at(n)?.id ?? 'inc-none';

  async function take(made: Step, event: ReturnType<typeof pressed>): Promise<unknown> {
    switch (made.kind) {
      case 'wait':
        state.nowMs += made.ms;
        return null;
      case 'press': {
        const { logIds: _ids, ...decided } = await decide({ ...event, receivedAt: state.nowMs }, null);
        return decided;
      }
      case 'act': {
        const answer = await commands({
          incidentId: await incidentOf(made.on),
          command: COMMANDS[made.which] ?? { name: 'claim', body: {} },
          actor: made.by === 0 ? operator : colleague,
          commandId: made.key,
          mayAct: () => true,
        });
        return answer.kind === 'done' ? answer.incident : answer;
      }
      case 'due': {
        const incident = await store.loadIncident(await incidentOf(made.on));
        const plan =
          incident !== null && isOpen(incident) ? planDue(incident, () => NOBODY, { nowMs: state.nowMs }) : null;
        return plan === null ? null : (await store.commit(plan.plan)).kind;
      }
      case 'stale': {
        const incident = await store.loadIncident(await incidentOf(made.on));
        if (incident === null) return null;
        const was = { ...incident, version: incident.version - 1 };
        return (await store.commit({ ...NOTHING, incidents: [{ record: incident, was }] })).kind;
      }
    }
  }
  return take;
}

const NOTHING: CommitPlan = { incidents: [], guarded: [], events: [], entries: [], notifications: [], ack: null };

function openLocal(nowMs: () => number = () => NOW) {
  let made = 0;
  const local = createLocalStore({
    journal: { append: () => Promise.resolve(), rewrite: () => Promise.resolve() },
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => `p${(made += 1)}`,
    onDone: () => undefined,
    clock: { nowMs, monoMs: nowMs },
    logger: silent,
  });
  local.open(new Keyspace(), []);
  return local;
}

test('memory carries out every plan as the script in Redis does: same answers, same records, same log', async () => {
  const { redisUrl } = await createRedis();
  const redis = await connect(redisUrl);
  let closings = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      await redis.flushdb();
      const stores = [createIncidentStore(redis, REDIS_KEYS.alarms), openLocal().store] as const;
      const sides = stores.map(openSide);
      const ids: string[] = [];
      for (const made of steps) {
        const event =
          made.kind === 'press' ? pressed({ deviceId: `d${made.device}`, ...PRESSES[made.which] }) : pressed();
        ids.push(`inc-${event.id}`);
        const answers = await Promise.all(sides.map((take) => take(made, event)));
        expect(answers[1]).toEqual(answers[0]);
      }
      closings += (await stores[0].loadIncidents(ids)).filter((incident) => !isOpen(incident)).length;
      const [there, here] = await Promise.all(stores.map((store) => tell(store, ids)));
      expect(here).toEqual(there);
    }),
    { numRuns: 60, examples: [[[...CLOSED]]] },
  );
  // It was about closings too.
  expect(closings).toBeGreaterThan(0);
});

test('a mark counts until its end', async () => {
  let nowMs = NOW;
  const { store } = openLocal(() => nowMs);
  const guarded = [{ key: 'k', was: null, becomes: 'x', ttlMs: 1000 }];
  expect((await store.commit({ ...NOTHING, guarded })).kind).toBe('done');
  nowMs = NOW + 999;
  expect((await store.commit({ ...NOTHING, guarded })).kind).toBe('conflict');
  nowMs = NOW + 1000;
  expect((await store.commit({ ...NOTHING, guarded })).kind).toBe('done');
});

test('what was journalled is there again after a restart', async () => {
  const first = openLocal();
  const decide = createAlarmDecider({
    store: first.store,
    directory: () => register(),
    choosePolicy,
    clock: { nowMs: () => NOW, monoMs: () => 0 },
  });
  const { incidentId } = await decide(pressed(), null);
  const second = openLocal();
  second.open(new Keyspace(), first.plans());
  expect(await second.store.loadOpen()).toEqual(await first.store.loadOpen());
  expect(second.plans()).toEqual(first.plans());
  expect(second.record(incidentId ?? '')?.presses).toBe(1);
  expect(await second.store.loadText(INCIDENT_KEYS.seen((incidentId ?? '').slice(4)))).toBe(incidentId);
});
