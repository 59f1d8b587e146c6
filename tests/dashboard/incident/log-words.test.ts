import { expect, test } from 'vitest';
import { foldLog } from '../../../dashboard/incident/log-fold.ts';
import { calcActor, describeEntry, textOfEntry, type Say } from '../../../dashboard/incident/log-words.ts';
import { listTargets } from '../../../dashboard/incident/targets.ts';
import { buildContact, buildEntry, buildResident, T0 } from '../build-incident.ts';

/** Shows which key was looked up and with what. */
const say: Say = (key, params) => [key.split('.').slice(1).join('.'), ...Object.values(params).map(String)].join('|');
const targets = listTargets([buildResident({ contacts: [buildContact({ id: 'son', name: 'Son' })] })]);

test.each([
  [buildEntry('call', { contactId: 'son', result: 'no-answer' }), 'entry.call|Son|callResult.no-answer'],
  [buildEntry('call', { number: '+8657488880001' }), 'entry.call|Old Li|callResult.ringing'],
  [buildEntry('call', { number: '+8612345' }), 'entry.call|+8612345|callResult.ringing'],
  [buildEntry('contact', { kind: 'seen-by' }), 'entry.contact|contact.seen-by'],
  [
    buildEntry('resolve', { outcome: 'helped', contact: 'seen-by', name: 'Wang' }),
    'entry.resolveContact|outcome.helped|contact.seen-by Wang',
  ],
  [buildEntry('resolve', { outcome: 'technical', contact: null }), 'entry.resolve|outcome.technical'],
  [buildEntry('joined', { kind: 'alarm', type: 'smoke' }), 'entry.joined|type.smoke'],
  [buildEntry('joined', { kind: 'cancel', type: 'sos' }), 'entry.cancel'],
  [buildEntry('joined', { kind: 'call', type: 'call', call: 'missed' }), 'entry.call-missed'],
  [buildEntry('joined', { alarmId: 'a', type: 'call', call: 'ringing' }), 'entry.calledAgain'],
  [buildEntry('rang', { reason: 'deadline', state: 'open' }), 'entry.rangUnanswered'],
  [buildEntry('rang', { reason: 'deadline', state: 'claimed' }), 'entry.rangAsked'],
  [buildEntry('rang', { reason: 'overdue', state: 'claimed' }), 'entry.rangOverdue'],
  [buildEntry('rang', { reason: 'lapsed' }), 'entry.rangLapsed'],
  [buildEntry('step', { step: 'supervisors', passedOver: true }), 'entry.stepEmpty|step.supervisors'],
  [buildEntry('notified', { result: 'gave-up' }), 'entry.notified|notice.gave-up'],
  [buildEntry('rang', { reason: 'pressed-again' }), 'entry.rang'],
])('%j reads as %s', (entry, words) => {
  expect(describeEntry(entry, say, targets)).toBe(words);
});

test('a step that this page does not know yet is shown by its code, not hidden', () => {
  expect(describeEntry(buildEntry('teleported'), (_key, _params, fallback) => fallback, [])).toBe('teleported');
});

test('what people wrote is shown as text', () => {
  expect(textOfEntry(buildEntry('note', { text: 'she speaks' }))).toBe('she speaks');
  expect(textOfEntry(buildEntry('note', { erased: true }))).toBeNull();
});

test('who did it', () => {
  expect(calcActor('user:u1', 'Wang', 'u1')).toEqual({ kind: 'me' });
  expect(calcActor('user:u2', 'Zhao', 'u1')).toEqual({ kind: 'user', name: 'Zhao' });
  expect(calcActor('user:u3', null, 'u1')).toEqual({ kind: 'user', name: 'u3' });
  expect(calcActor('device:dev:1', null, 'u1')).toEqual({ kind: 'device' });
  expect(calcActor('system', null, 'u1')).toEqual({ kind: 'system' });
});

test('a milestone beside its step is not told twice, alone it stands; newest first', () => {
  const log = [
    buildEntry('opened', {}, T0),
    buildEntry('received', {}, T0),
    buildEntry('claim', {}, T0 + 5000),
    buildEntry('claimed', {}, T0 + 5000),
    buildEntry('claimed', {}, T0 + 90_000),
  ];
  expect(foldLog(log).map(({ type }) => type)).toEqual(['claimed', 'claim', 'opened']);
});

test('receipts of consoles are told once', () => {
  const log = [buildEntry('seen'), buildEntry('shown'), buildEntry('seen')];
  expect(foldLog(log).map(({ type }) => type)).toEqual(['shown']);
});
