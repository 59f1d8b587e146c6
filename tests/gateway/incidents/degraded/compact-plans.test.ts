import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planDue } from '../../../../gateway/escalation/plan-due.ts';
import { choosePolicy } from '../../../../gateway/escalation/policies.ts';
import { NOBODY } from '../../../../gateway/escalation/reach.ts';
import { createCommands } from '../../../../gateway/incidents/commands.ts';
import { createAlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { applyRequest } from '../../../../gateway/incidents/degraded/apply-request.ts';
import { compactPlans } from '../../../../gateway/incidents/degraded/compact-plans.ts';
import { Keyspace } from '../../../../gateway/incidents/degraded/keyspace.ts';
import { createLocalStore } from '../../../../gateway/incidents/degraded/local-store.ts';
import type { LocalPlan } from '../../../../gateway/incidents/degraded/plan-journal.ts';
import { carriedBy } from '../../../../gateway/incidents/degraded/plan-replay.ts';
import { isOpen } from '../../../../gateway/incidents/record.ts';
import { REDIS_KEYS } from '../../../../gateway/store/keys.ts';
import { NOW, operator, pressed, register, SECOND } from '../build.ts';
import { silent } from '../world.ts';
import { claim, close, note } from './cut-off.ts';

/** A gateway alone. A helper is told at each step that asks for one. */
function openAlone(compactFrom: number) {
  let nowMs = NOW;
  let made = 0;
  const clock = { nowMs: () => nowMs, monoMs: () => nowMs };
  /** What the journal on disk would hold. */
  let kept: LocalPlan[] = [];
  const local = createLocalStore({
    journal: {
      append: async (line) => void kept.push(line as LocalPlan),
      rewrite: async (plans) => void (kept = [...plans()]),
    },
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => `p${(made += 1)}`,
    onDone: () => undefined,
    ...{ clock, logger: silent, compactFrom },
  });
  local.open(new Keyspace(), []);
  const { store } = local;
  const deps = { store, directory: () => register(), choosePolicy, clock };
  const decide = createAlarmDecider(deps);
  const commands = createCommands(deps);
  const reach: Parameters<typeof planDue>[1] = (target) =>
    target === 'duty-helpers' ? { ...NOBODY, notify: [{ kind: 'user', id: 'helper' }] } : NOBODY;
  return {
    local,
    made: () => made,
    kept: () => kept,
    pass: (ms: number) => void (nowMs += ms),
    press: (deviceId: string) => decide(pressed({ deviceId, receivedAt: nowMs, message: { text: `${nowMs}` } }), null),
    due: async (deviceId: string) => {
      const incident = (await store.loadOpen()).find((open) => open.deviceId === deviceId);
      const due = incident === undefined || !isOpen(incident) ? null : planDue(incident, reach, { nowMs });
      if (due !== null) await store.commit(due.plan);
    },
    act: async (deviceId: string, command: typeof claim) => {
      const incident = (await store.loadOpen()).find((open) => open.deviceId === deviceId);
      if (incident === undefined) return;
      await commands({ incidentId: incident.id, command, actor: operator, commandId: null, mayAct: () => true });
    },
  };
}

/** What comes of plans that are carried out in order, without the ids of log lines. */
function carryOut(plans: readonly LocalPlan[]) {
  const space = new Keyspace();
  for (const { request } of plans) {
    expect(applyRequest(space, request, { nowMs: NOW, newLogId: () => '0-0' }).kind).toBe('done');
  }
  const told = plans.flatMap((plan) => carriedBy(plan).notifications).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const sorted = [...space.changes(NOW)].map((change) => JSON.stringify(change));
  return { told, lists: sorted.filter((text) => text.includes('"push"')), rest: sorted.toSorted() };
}

const step = fc.record({
  device: fc.constantFrom('d0', 'd1'),
  what: fc.constantFrom('press', 'claim', 'note', 'close', 'due', 'due', 'due', 'due', 'due'),
});

test('whatever was done, fewer plans come to the same records, lines, notifications and open cases', async () => {
  let [before, after] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const alone = openAlone(Number.POSITIVE_INFINITY);
      await alone.press('d0');
      await alone.press('d1');
      for (const { device, what } of steps) {
        alone.pass(20 * SECOND);
        if (what === 'press') await alone.press(device);
        else if (what === 'due') await alone.due(device);
        else await alone.act(device, { claim, note: note('she fell'), close }[what] ?? claim);
      }
      const plans = alone.local.plans();
      const compacted = compactPlans(plans);
      expect(carryOut(compacted)).toEqual(carryOut(plans));
      // Once more, as it goes on.
      expect(carryOut(compactPlans([...compactPlans(plans.slice(0, 9)), ...plans.slice(9)]))).toEqual(carryOut(plans));
      before += plans.length;
      after += compacted.length;
    }),
    { numRuns: 60 },
  );
  expect(after).toBeLessThan(before);
});

test('a day without Redis in which nobody attends two cases fills neither memory nor disk', async () => {
  const alone = openAlone(100);
  await alone.press('d0');
  await alone.press('d1');
  for (let s = 0; s < 24 * 3600; s += 15) {
    alone.pass(15 * SECOND);
    await alone.due('d0');
    await alone.due('d1');
  }
  const steps = alone.made();
  expect(steps).toBeGreaterThan(5000);
  expect(alone.local.plans().length).toBeLessThan(200);
  expect(alone.kept().length).toBeLessThan(200);
  // Nothing is lost: what the disk has comes to what is in memory.
  const space = new Keyspace();
  for (const { request } of alone.kept()) applyRequest(space, request, { nowMs: NOW, newLogId: () => '0-0' });
  for (const { id, version } of await alone.local.store.loadOpen()) {
    expect(space.incident(`{zj}:incident:${id}`)?.version).toBe(String(version));
    expect(space.list(`{zj}:incident:${id}:log`)).toHaveLength(alone.local.lines(id).length);
  }
});

test('what Redis is being told of stays as it is', async () => {
  const alone = openAlone(3);
  await alone.press('d0');
  for (let n = 0; n < 2; n += 1) {
    alone.pass(20 * SECOND);
    await alone.due('d0');
  }
  const inHand = alone.local.next(2);
  for (let n = 0; n < 10; n += 1) {
    alone.pass(20 * SECOND);
    await alone.due('d0');
  }
  expect(alone.local.plans().slice(0, 2)).toEqual(inHand);
  alone.local.forgetNext();
  expect(alone.local.plans()).not.toContain(inHand[0]);
  // Needed by a run that begins from what was known before them.
  expect(
    alone
      .kept()
      .slice(0, 2)
      .map(({ id }) => id),
  ).toEqual(inHand.map(({ id }) => id));
});
