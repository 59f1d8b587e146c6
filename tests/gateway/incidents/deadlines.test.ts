import { describe, expect, test } from 'vitest';
import type { Priority } from '../../../devices/alarm-types.ts';
import { planDue, type Reach } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { calcSpanMs, dueAt } from '../../../gateway/incidents/deadlines.ts';
import { isOpen, type OpenIncident, type OpenState } from '../../../gateway/incidents/record.ts';
import { applyEvent } from '../../../gateway/incidents/transition.ts';
import { HOUR, MINUTE, NOW, openIncident, SECOND } from './build.ts';

const OPEN_STATES = [
  'open',
  'claimed',
  'dispatched',
  'accepted',
  'arrived',
  'with-person',
  'handed-over',
  'shelved',
] as const satisfies readonly OpenState[];

function fire(incident: OpenIncident, reach: Reach, nowMs: number): OpenIncident {
  const after = planDue(incident, reach, { nowMs })?.plan.incidents[0]?.record;
  if (after === undefined || !isOpen(after)) throw new Error('a deadline closed an incident or was refused');
  return after;
}

describe('A deadline', () => {
  test.each(OPEN_STATES)('while %s its deadline is the table’s', (state) => {
    const spans = {
      open: 15 * SECOND,
      claimed: 60 * SECOND,
      dispatched: 30 * SECOND,
      accepted: 8 * MINUTE + 5 * MINUTE,
      arrived: 3 * MINUTE,
      'with-person': 15 * MINUTE,
      'handed-over': 10 * MINUTE,
      shelved: 20 * MINUTE,
    };
    const ladder = null;
    const incident = openIncident({ state, ladder, promisedAt: NOW + 8 * MINUTE, shelvedUntil: NOW + 20 * MINUTE });
    expect(dueAt(incident).at - NOW).toBe(spans[state]);
  });

  test('priority 2 has four times the span, 3 half an hour, 4 and 5 four hours, in every state', () => {
    for (const state of ['open', 'claimed', 'arrived'] as const) {
      const one = calcSpanMs(state, 1);
      expect([2, 3, 4, 5].map((each) => calcSpanMs(state, each as Priority))).toEqual([
        4 * one,
        30 * MINUTE,
        4 * HOUR,
        4 * HOUR,
      ]);
    }
  });

  test('a shelf is never longer than half an hour for priority 1 and 2, and a day below', () => {
    for (const [urgency, limit] of [
      [1, 30 * MINUTE],
      [2, 30 * MINUTE],
      [3, 24 * HOUR],
      [4, 24 * HOUR],
    ] as const) {
      const shelved = openIncident({ state: 'shelved', priority: urgency, shelvedUntil: NOW + 1000 * HOUR });
      expect(dueAt(shelved).at - NOW).toBe(limit);
    }
  });

  test('a promise beyond belief is believed for two hours once, not again at each ring', () => {
    const accepted = openIncident({
      state: 'accepted',
      ownerId: 'u1',
      ladder: null,
      promisedAt: NOW + 100_000 * HOUR,
    });
    expect(dueAt(accepted).at).toBe(NOW + 2 * HOUR + 5 * MINUTE);
    const asked = fire(accepted, () => NOBODY, NOW + 2 * HOUR + 5 * MINUTE);
    expect(dueAt(asked)).toMatchObject({ at: NOW + 2 * HOUR + 5 * MINUTE + 30 * SECOND, step: 'ask-colleagues' });
  });

  test('an open page is no progress, a logged step is', () => {
    const claimed = openIncident({ state: 'claimed', ownerId: 'u1', ladder: null });
    const seen = applyEvent(claimed, 'seen', { nowMs: NOW + 30 * SECOND })?.incident;
    const stepped = applyEvent(claimed, 'step', { nowMs: NOW + 30 * SECOND })?.incident;
    if (seen === undefined || stepped === undefined || !isOpen(seen) || !isOpen(stepped)) throw new Error('refused');
    expect(dueAt(seen).at).toBe(NOW + 60 * SECOND);
    expect(dueAt(stepped).at).toBe(NOW + 90 * SECOND);
  });

  describe('beside the state’s own deadline', () => {
    const owned = { ownerId: 'u1', ladder: null, ringing: false, circles: [] } as const;

    test('who is offered a case and does not take it has as long as a claim, then its owner is asked, then colleagues', () => {
      const there = openIncident({ ...owned, state: 'with-person' });
      const offered = applyEvent(there, 'handover', { nowMs: NOW, ownerId: 'u1', handoverTo: 'u2' })?.incident;
      if (offered === undefined || !isOpen(offered)) throw new Error('refused');
      expect(offered).toMatchObject({ ringing: true, circles: ['handover'], handoverTo: 'u2', ownerId: 'u1' });
      expect(dueAt(offered)).toMatchObject({ at: offered.progressAt + MINUTE, step: 'ask-owner' });
      const asked = fire(offered, () => NOBODY, dueAt(offered).at);
      expect(asked.circles).toEqual(['handover', 'owner']);
      const further = fire(asked, () => NOBODY, dueAt(asked).at);
      expect(further.circles).toEqual(['handover', 'owner', 'operators', 'supervisors']);
    });

    test('an authority without news for ten minutes asks the owner, and no press puts it off', () => {
      const authority = { service: '120', stage: 'called', at: NOW } as const;
      const there = openIncident({ ...owned, state: 'with-person', authority });
      expect(dueAt(there)).toMatchObject({ at: NOW + 10 * MINUTE, step: 'ask-news', kind: 'deadline' });
      const asked = fire(there, () => NOBODY, NOW + 10 * MINUTE);
      expect(asked).toMatchObject({ asked: 'owner', ringing: true });
      expect(dueAt(asked)).toMatchObject({ at: NOW + 10 * MINUTE + 30 * SECOND, step: 'ask-colleagues' });
      const stepped = applyEvent(asked, 'step', { nowMs: NOW + 10 * MINUTE + SECOND, ownerId: 'u1' })?.incident;
      if (stepped === undefined || !isOpen(stepped)) throw new Error('refused');
      expect(dueAt(stepped)).toMatchObject({ at: NOW + 20 * MINUTE, step: 'ask-news' });
    });

    test('an authority without news ends a shelf', () => {
      const authority = { service: '119', stage: 'arrived', at: NOW } as const;
      const shelvedUntil = NOW + 30 * MINUTE;
      const shelved = openIncident({ ...owned, state: 'shelved', authority, shelvedUntil });
      expect(dueAt(shelved)).toMatchObject({ at: NOW + 10 * MINUTE, step: 'ask-news' });
      expect(fire(shelved, () => NOBODY, NOW + 10 * MINUTE)).toMatchObject({ state: 'open', ringing: true });
    });

    test('the steps of a pass come before the ring of the same moment', () => {
      const fresh = openIncident();
      const began = fire(fresh, () => ({ circles: ['duty'], userIds: ['u1'], notify: [] }), NOW);
      expect(dueAt(began)).toMatchObject({ step: 'all-operators', kind: 'ladder' });
      expect(dueAt(began).at).toBeLessThanOrEqual(NOW + 15 * SECOND);
    });
  });
});
