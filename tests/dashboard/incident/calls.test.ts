import { expect, test } from 'vitest';
import { readCalls, readContact } from '../../../dashboard/incident/calls.ts';
import { listTargets, sortKeyHolders } from '../../../dashboard/incident/targets.ts';
import { buildContact, buildEntry, buildResident, T0 } from '../build-incident.ts';

const son = buildContact({ id: 'son', number: '+8613800000001' });
const targets = listTargets([buildResident({ contacts: [son] })]);

test('the last word about each number stands, contacts by id and the person by number', () => {
  const calls = readCalls(
    [
      buildEntry('call', { contactId: 'son', result: 'ringing' }, T0),
      buildEntry('call', { contactId: 'son', result: 'no-answer' }, T0 + 20_000),
      buildEntry('call', { number: '+8657488880001' }, T0 + 30_000),
    ],
    targets,
  );
  expect(calls.get('contact:son')).toEqual({ result: 'no-answer', atMs: T0 + 20_000 });
  expect(calls.get('resident:res-1')?.result).toBe('ringing');
});

test('a number whose text was erased is nobody’s call', () => {
  expect(readCalls([buildEntry('call', { result: 'answered' })], targets).size).toBe(0);
});

test('an unanswered call is nothing learnt about the person', () => {
  expect(readContact([buildEntry('contact', { kind: 'no-answer' })])).toBeNull();
  expect(readContact([buildEntry('contact', { kind: 'seen-by' }), buildEntry('contact', { kind: 'no-answer' })])).toBe(
    'seen-by',
  );
});

test('a further press makes what was learnt before it history; a cancel or a restore does not speak for the person', () => {
  const learnt = buildEntry('contact', { kind: 'spoke-with-person' });
  expect(readContact([learnt, buildEntry('joined', { kind: 'alarm', type: 'sos' })])).toBeNull();
  expect(readContact([learnt, buildEntry('joined', { kind: 'cancel', type: 'sos' })])).toBe('spoke-with-person');
  expect(readContact([buildEntry('joined', { kind: 'cancel' })])).toBeNull();
});

test('contacts come in the order of calling, whatever order the register tells them in', () => {
  const contacts = [buildContact({ id: 'b', order: 2, number: '+8613800000022' }), buildContact({ id: 'a', order: 1 })];
  expect(listTargets([buildResident({ contacts })]).map((target) => target.key)).toEqual([
    'resident:res-1',
    'contact:a',
    'contact:b',
  ]);
});

test('a daughter of both residents is one call', () => {
  const shared = buildContact({ id: 'd1', name: 'Daughter', number: '+8613900000009' });
  const residents = [
    buildResident({ id: 'a', name: 'He', number: null, contacts: [shared] }),
    buildResident({ id: 'b', name: 'She', number: null, contacts: [{ ...shared, id: 'd2', hasKey: true }] }),
  ];
  expect(listTargets(residents)).toMatchObject([{ contactId: 'd1', of: ['He', 'She'], hasKey: true }]);
});

test('key-holders whose distance is unknown come last', () => {
  const contacts = [
    buildContact({ id: 'x', number: '+8613800000011', hasKey: true }),
    buildContact({ id: 'y', number: '+8613800000012', hasKey: true, minutesAway: 30 }),
    buildContact({ id: 'z', number: '+8613800000013' }),
  ];
  expect(sortKeyHolders(listTargets([buildResident({ contacts })])).map(({ contactId }) => contactId)).toEqual([
    'y',
    'x',
  ]);
});
