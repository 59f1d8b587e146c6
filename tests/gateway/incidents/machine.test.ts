import { expect, test } from 'vitest';
import { INCIDENT_STATES } from '../../../gateway/api/contract/incident.ts';
import { findTransition, INCIDENT_EVENTS, MACHINE } from '../../../gateway/incidents/machine.ts';
import { applyEvent } from '../../../gateway/incidents/transition.ts';
import { NOW, openIncident, resolvedIncident, SECOND } from './build.ts';
import type { IncidentState } from '../../../gateway/api/contract/incident.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';

const resolution = { outcome: 'helped', contact: 'spoke-with-person', at: NOW, by: 'user:u2' } as const;
const input = {
  nowMs: NOW + SECOND,
  ownerId: 'u2',
  press: { type: 'sos', priority: 1, flags: ['late'] },
  resolution,
} as const;

function inState(state: IncidentState): IncidentRecord {
  if (state === 'resolved') return resolvedIncident({ ownerId: 'u1' });
  const isOwned = state !== 'open';
  return openIncident({ state, type: 'water', ownerId: isOwned ? 'u1' : null, ringing: !isOwned, shelvedUntil: NOW });
}

const rows = INCIDENT_STATES.flatMap((state) => INCIDENT_EVENTS.map((event) => ({ state, event })));

test.each(rows)('$event while $state does what its row says and nothing else', ({ state, event }) => {
  const before = inState(state);
  const transition = findTransition(state, event);
  const moved = applyEvent(before, event, input);
  if (transition === null) {
    expect(moved).toBeNull();
    return;
  }
  const has = (effect: string) => (transition.effects as readonly string[]).includes(effect);
  const after = moved?.incident;
  expect(moved?.name).toBe(transition.name);
  expect(after).toEqual({
    ...before,
    state: transition.to,
    version: before.version + 1,
    updatedAt: NOW + SECOND,
    ringing: has('ring') ? true : has('quiet') ? false : before.ringing,
    rangAt: has('ring') ? NOW + SECOND : before.rangAt,
    progressAt: has('progress') ? NOW + SECOND : before.progressAt,
    ownerId: has('own') ? 'u2' : has('disown') ? null : before.ownerId,
    presses: before.presses + (has('count-press') ? 1 : 0),
    type: has('count-press') ? 'sos' : before.type,
    priority: has('count-press') ? 1 : before.priority,
    flags: has('count-press') ? ['late'] : before.flags,
    shelvedUntil: has('close') || has('unshelve') ? null : before.shelvedUntil,
    resolution: has('close') ? resolution : has('open-again') ? null : before.resolution,
  });
});

test('every state has a row, and only `resolved` has no deadline in it', () => {
  expect(Object.keys(MACHINE).toSorted()).toEqual([...INCIDENT_STATES].toSorted());
  const without = INCIDENT_STATES.filter((state) => findTransition(state, 'deadline') === null);
  expect(without).toEqual(['resolved']);
});

test('a further press always rings and is counted, in every open state', () => {
  for (const state of INCIDENT_STATES.filter((each) => each !== 'resolved')) {
    expect(findTransition(state, 'join')?.effects).toEqual(expect.arrayContaining(['count-press', 'ring']));
  }
});

test('from `arrived` on a further press is told as one on the spot', () => {
  const names = INCIDENT_STATES.map((state) => [state, findTransition(state, 'join')?.name]);
  expect(Object.fromEntries(names)).toEqual({
    open: 'pressed-again',
    claimed: 'pressed-again',
    dispatched: 'pressed-again',
    accepted: 'pressed-again',
    arrived: 'pressed-on-the-spot',
    'with-person': 'pressed-on-the-spot',
    'handed-over': 'pressed-on-the-spot',
    shelved: 'un-shelved',
    resolved: undefined,
  });
});

test('only a closing, a restore and nothing else leads to `resolved`', () => {
  const leading = rows.filter(
    ({ state, event }) => state !== 'resolved' && findTransition(state, event)?.to === 'resolved',
  );
  expect(new Set(leading.map(({ event }) => event))).toEqual(new Set(['resolve', 'restore']));
});

test('a key pressed after "out of bed" is shown as the key, and a less urgent alarm changes nothing of it', () => {
  const bed = openIncident({ type: 'bed-exit', priority: 2 });
  const joined = applyEvent(bed, 'join', { nowMs: NOW, press: { type: 'sos', priority: 1, flags: [] } });
  expect(joined?.incident).toMatchObject({ type: 'sos', priority: 1 });
  const again = applyEvent(openIncident(), 'join', { nowMs: NOW, press: { type: 'water', priority: 2, flags: [] } });
  expect(again?.incident).toMatchObject({ type: 'sos', priority: 1 });
});

test('an incident’s own times never go back, however far the wall clock does', () => {
  const claimed = applyEvent(openIncident(), 'claim', { nowMs: NOW - 10 * 3_600_000, ownerId: 'u1' });
  expect(claimed?.incident.updatedAt).toBe(NOW + 1);
  expect(claimed?.incident.progressAt).toBe(NOW + 1);
});
