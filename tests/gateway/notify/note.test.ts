import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NotificationDraft } from '../../../gateway/incidents/commit.ts';
import type { Held } from '../../../gateway/incidents/held.ts';
import { isFinal, planNote, planReceipt, type NotificationState, type Outcome } from '../../../gateway/notify/note.ts';
import { NOW } from '../incidents/build.ts';

const draft: NotificationDraft = {
  ...{ id: 'inc-1:3:user:u1', incidentId: 'inc-1', to: { kind: 'user', id: 'u1' } },
  ...{ reason: 'step', step: 'duty-helpers', at: NOW },
};
const NOTHING: Held<null> = { raw: null, value: null };
const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  ...{ channel: 'webhook', attempt: 1, result: 'sent', code: '200', latencyMs: 12, receipt: null, at: NOW },
  ...changes,
});
const held = (value: NotificationState): { raw: string; value: NotificationState } => ({
  raw: JSON.stringify(value),
  value,
});

test('an attempt is a line of the log beside the incident, which does not change', () => {
  const { plan, state } = planNote(draft, NOTHING, outcome({ receipt: 'delivered' }));
  expect(plan).toMatchObject({ incidents: [], events: [], notifications: [], ack: null });
  const about = { notificationId: draft.id, channel: 'webhook', to: draft.to, attempt: 1 };
  expect(plan.entries).toMatchObject([
    { incidentId: 'inc-1', type: 'notified', at: NOW, data: { ...about, result: 'sent', code: '200', latencyMs: 12 } },
    { incidentId: 'inc-1', type: 'notified', at: NOW, data: { ...about, result: 'delivered' } },
  ]);
  expect(plan.guarded).toEqual([
    { key: `{zj}:notification:${draft.id}`, was: null, becomes: JSON.stringify(state), ttlMs: 604_800_000 },
  ]);
});

test('whatever two gateways note in whatever order: what was sent stays sent, and attempts only rise', () => {
  const some = fc.record({
    attempt: fc.nat(30),
    result: fc.constantFrom('sent' as const, 'failed' as const, 'gave-up' as const),
  });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 8 }), (noted) => {
      let known: Held<NotificationState | null> = NOTHING;
      let lines = 0;
      for (const change of noted) {
        const { plan, state } = planNote(draft, known, outcome(change));
        expect(plan.guarded[0]?.was).toBe(known.raw);
        expect(state.attempts).toBeGreaterThanOrEqual(known.value?.attempts ?? 0);
        known = held(state);
        lines += plan.entries.length;
      }
      expect(lines).toBe(noted.length);
      const wasSent = noted.some(({ result }) => result === 'sent');
      expect(known.value?.result).toBe(wasSent ? 'sent' : noted.at(-1)?.result);
      expect(isFinal(known.value)).toBe(wasSent || noted.at(-1)?.result === 'gave-up');
    }),
  );
  expect(isFinal(null)).toBe(false);
});

test('each kind of receipt is a line once', () => {
  const { state } = planNote(draft, NOTHING, outcome({ receipt: 'delivered' }));
  const receipt = { code: 'sms-ok', toldAt: '2026-11-21T02:14:00.000Z', at: NOW + 9 } as const;
  expect(planReceipt(draft.id, held(state), { kind: 'delivered', ...receipt })).toBeNull();
  const plan = planReceipt(draft.id, held(state), { kind: 'read', ...receipt });
  expect(plan?.entries).toEqual([
    {
      ...{ incidentId: 'inc-1', type: 'notified', actor: 'system', at: NOW + 9 },
      data: {
        ...{ notificationId: draft.id, channel: 'webhook', to: draft.to, attempt: 1, result: 'read' },
        ...{ code: 'sms-ok', toldAt: receipt.toldAt },
      },
    },
  ]);
  const next = JSON.parse(plan?.guarded[0]?.becomes ?? '') as NotificationState;
  expect(planReceipt(draft.id, held(next), { kind: 'read', ...receipt })).toBeNull();
});
