import { expect, test } from 'vitest';
import { planAdvice, type AdviceInput } from '../../../dashboard/incident/advice.ts';
import type { CallState } from '../../../dashboard/incident/calls.ts';
import { listTargets } from '../../../dashboard/incident/targets.ts';
import type { CallResult } from '../../../gateway/api/contract/incident.ts';
import type { Contact } from '../../../gateway/api/contract/registry.ts';
import { buildContact, buildIncident, buildResident, T0 } from '../build-incident.ts';

const FAR = buildContact({ id: 'far', order: 1, name: 'Son', number: '+8613800000001', hasKey: true, minutesAway: 40 });
const NEAR = buildContact({
  id: 'near',
  order: 2,
  name: 'Neighbour',
  number: '+8613800000002',
  hasKey: true,
  minutesAway: 2,
});
const NO_KEY = buildContact({ id: 'doc', order: 3, name: 'Doctor', number: '+8613800000003' });

function input(
  changes: Partial<AdviceInput> & { contacts?: Contact[]; answers?: Record<string, CallResult> } = {},
): AdviceInput {
  const { contacts = [FAR, NEAR, NO_KEY], answers = {}, ...rest } = changes;
  const calls = new Map<string, CallState>(Object.entries(answers).map(([key, result]) => [key, { result, atMs: T0 }]));
  return {
    incident: buildIncident({ state: 'claimed', ringing: false, owner: { id: 'me', name: 'Me' } }),
    holder: { kind: 'me' },
    targets: listTargets([buildResident({ contacts })]),
    calls,
    contact: null,
    address: '3 Peace Road',
    nowMs: T0 + 30_000,
    ...rest,
  };
}
const codes = (asked: AdviceInput) => planAdvice(asked).map(({ code }) => code);

test('an unowned case is taken first, a colleague’s is left to the colleague', () => {
  expect(codes(input({ holder: { kind: 'nobody' } }))[0]).toBe('take');
  expect(codes(input({ holder: { kind: 'other', name: 'Zhao' } }))).toEqual(['other']);
});

test('a colleague without progress is named as such', () => {
  const incident = buildIncident({ ringing: true, owner: { id: 'z', name: 'Zhao' } });
  expect(codes(input({ incident, holder: { kind: 'other', name: 'Zhao' } }))[0]).toBe('other-silent');
});

test('smoke after the key is told as smoke, and gas has its own words', () => {
  const with119 = { state: 'claimed', ringing: false, owner: { id: 'me', name: 'Me' } } as const;
  const smoke = buildIncident({
    ...with119,
    types: ['sos', 'smoke'],
    advice: ['call-119-first', 'helpers-do-not-enter'],
  });
  expect(codes(input({ incident: smoke }))[0]).toBe('fire-first');
  const { advice } = buildIncident({ type: 'gas' });
  expect(codes(input({ incident: { ...smoke, advice } }))[0]).toBe('gas-first');
});

test('the person is called first', () => {
  expect(planAdvice(input())[0]).toEqual({
    code: 'call-person',
    params: { name: 'Old Li', number: '+86 574 8888 0001' },
  });
});

test('after the first unanswered call the key-holders are named, nearest first, and the nearest is next', () => {
  const advice = planAdvice(input({ answers: { 'resident:res-1': 'no-answer' } }));
  expect(advice.map(({ code }) => code)).toEqual(['call-keyholders', 'call-contact']);
  expect(advice[0]?.params).toEqual({ names: 'Neighbour · Son' });
  expect(advice[1]?.params['name']).toBe('Neighbour');
});

test.each([
  ['a fall', { type: 'fall' as const }],
  ['a second press', { presses: 2 }],
])('120 at once after %s that nobody answers, with the address to say', (_what, changes) => {
  const incident = buildIncident({ state: 'claimed', ringing: false, ...changes });
  expect(codes(input({ incident, answers: { 'resident:res-1': 'no-answer' } })).slice(0, 2)).toEqual([
    'call-120-now',
    'say-address',
  ]);
});

test('120 after three minutes, unless somebody with a key is near', () => {
  const answers = { 'resident:res-1': 'no-answer' } as const;
  expect(codes(input({ answers, contacts: [FAR], nowMs: T0 + 180_000 }))).toContain('call-120');
  expect(codes(input({ answers, contacts: [FAR], nowMs: T0 + 179_000 }))).not.toContain('call-120');
  expect(codes(input({ answers, contacts: [FAR, NEAR], nowMs: T0 + 600_000 }))).not.toContain('call-120');
});

test('smoke and gas: 119 stands before every call', () => {
  expect(codes(input({ incident: buildIncident({ type: 'smoke' }) }))[0]).not.toBe('call-person');
  for (const type of ['smoke', 'co'] as const) {
    expect(codes(input({ incident: buildIncident({ type, ringing: false }) }))[0]).toBe('fire-first');
  }
  expect(codes(input({ incident: buildIncident({ type: 'gas', ringing: false }) }))[0]).toBe('gas-first');
});

test('duress never advises to call the home', () => {
  expect(codes(input({ incident: buildIncident({ type: 'duress', ringing: false }) }))).toEqual(['duress']);
});

test('an unregistered device: find out where it is', () => {
  const incident = buildIncident({ residentId: null, homeId: null, flags: ['unregistered'], ringing: false });
  expect(planAdvice(input({ incident, targets: [] }))).toEqual([{ code: 'find-out', params: { id: 'dev-1' } }]);
});

test('several candidates: ask for the name', () => {
  const incident = buildIncident({ residentId: null, candidates: ['a', 'b'], ringing: false });
  expect(codes(input({ incident }))).toContain('pick-person');
});

test('nobody to call is said, not shown as an empty list', () => {
  expect(codes(input({ contacts: [] }))).toContain('no-contacts');
});

test('known to be safe: complete and close; "not established" is not known', () => {
  expect(codes(input({ contact: 'spoke-with-person' }))).toEqual(['established']);
  expect(codes(input({ contact: 'not-established' }))).not.toContain('established');
});

test('history never changes it: a dementia of many false presses gets the same advice', () => {
  const contacts = [FAR];
  const often = listTargets([buildResident({ categories: ['dementia'], health: 'presses often', contacts })]);
  expect(codes(input({ targets: often }))).toEqual(codes(input({ contacts })));
});
