import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildCommitRequest } from '../../../gateway/incidents/commit-script.ts';
import type { CommitPlan } from '../../../gateway/incidents/commit.ts';
import { planAlarm } from '../../../gateway/incidents/plan-alarm.ts';
import { planDue } from '../../../gateway/escalation/plan-due.ts';
import { NOBODY } from '../../../gateway/escalation/reach.ts';
import { inputOf, NOW, openIncident, pressed } from './build.ts';

const sealer = { alarmStream: '{zj}:alarms', hash: (salt: string, text: string) => `${salt}#${text.length}` };

type Op = { readonly op: string; readonly key: number };

function opsOf(plan: CommitPlan): readonly Op[] {
  return (JSON.parse(buildCommitRequest(plan, sealer).argument) as { ops: Op[] }).ops;
}

/** Commands that Redis refuses when it is out of memory (flag `denyoom`); it judges a script by its first write alone. */
const NEEDS_MEMORY = new Set(['incident', 'set', 'log', 'push', 'rank']);

test('the first write of every plan is one that a full Redis refuses, or it writes nothing but an acknowledgement', () => {
  const target = openIncident();
  const battery = openIncident({ type: 'low-battery' });
  const mark = { eventId: 'e', incidentId: target.id, receivedAt: NOW };
  const plans = [
    planAlarm(inputOf(pressed())).plan,
    planAlarm(inputOf(pressed(), { openOfSubject: [target] })).plan,
    planAlarm(inputOf(pressed(), { repeat: { raw: 'x', value: mark } })).plan,
    planAlarm(inputOf(pressed(), { seen: { raw: 'x', value: true } })).plan,
    planAlarm(inputOf(pressed({ message: { type: 'test' } }))).plan,
    planAlarm(inputOf(pressed({ message: { kind: 'cancel' } }), { openOfSubject: [target] })).plan,
    planAlarm(inputOf(pressed({ message: { kind: 'cancel' } }))).plan,
    planAlarm(inputOf(pressed({ message: { kind: 'restored', type: 'low-battery' } }), { openOfSubject: [battery] }))
      .plan,
    planDue(target, () => NOBODY, { nowMs: NOW })?.plan,
  ];
  for (const plan of plans) {
    if (plan === undefined) throw new Error('a deadline was refused');
    const [first, ...rest] = opsOf(plan);
    expect(first?.op === 'ack' ? rest : NEEDS_MEMORY.has(first?.op ?? '')).toEqual(first?.op === 'ack' ? [] : true);
  }
});

test('what people said lies under a key of its own with its salt; the log has a hash', () => {
  const said = { text: 'ZHANG-SAN fell' };
  const line = { incidentId: 'inc-1', type: 'note', actor: 'user:u1', at: NOW, data: {}, personal: said };
  const plan: CommitPlan = { incidents: [], guarded: [], events: [], entries: [line], notifications: [], ack: null };
  const ops = opsOf(plan) as readonly { op: string; value?: string; entry?: string }[];
  expect(ops.map(({ op }) => op)).toEqual(['set', 'log']);
  expect(JSON.parse(ops[0]?.value ?? '')).toMatchObject({ said });
  expect(ops[1]?.entry).not.toContain('ZHANG');
  const stored = JSON.parse(ops[1]?.entry ?? '') as { ref: string; hash: string };
  const { salt } = JSON.parse(ops[0]?.value ?? '') as { salt: string };
  expect(stored.hash).toBe(`${salt}#${JSON.stringify(said).length}`);
  expect(stored.ref).not.toBe(salt);
});

test('no text that a device can send makes a request that the script’s JSON reader refuses', () => {
  // cjson refuses an unpaired surrogate written as \uD83D; our values are JSON inside JSON, so none stands there bare.
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const lone = `${text}\ud83d`;
      const { argument } = buildCommitRequest(
        planAlarm(inputOf(pressed({ message: { text: lone, id: lone } }))).plan,
        sealer,
      );
      expect(/(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/.test(argument)).toBe(false);
    }),
  );
});
