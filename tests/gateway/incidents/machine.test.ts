import { describe, expect, test } from 'vitest';
import { INCIDENT_STATES, type IncidentState } from '../../../gateway/api/contract/incident.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import { findTransition, INCIDENT_EVENTS, MACHINE, type Effect } from '../../../gateway/incidents/machine.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { applyEvent } from '../../../gateway/incidents/transition.ts';
import { HOUR, MINUTE, NOW, openIncident, resolvedIncident, SECOND } from './build.ts';

const AT = NOW + SECOND;
const resolution = { outcome: 'helped', contact: 'spoke-with-person', at: NOW, by: 'user:u2' } as const;
const input = {
  nowMs: AT,
  ownerId: 'u2',
  press: { type: 'sos', priority: 1, flags: ['late'] },
  resolution,
  helperId: 'h2',
  promisedAt: AT + 8 * MINUTE,
  handoverTo: 'u3',
  authority: { service: '120', stage: 'called' },
  shelvedUntil: AT + 20 * MINUTE,
  reached: { circles: ['operators'], hasReached: true, toldIds: ['h3'] },
} as const;

/** Fields that an effect may change; every other one must stay as it was. */
const TOUCHES = {
  ring: ['ringing', 'rangAt', 'circles', 'isForAll'],
  'ring-owner': ['ringing', 'rangAt', 'circles', 'isForAll'],
  'ring-colleagues': ['ringing', 'rangAt', 'circles', 'isForAll'],
  'ring-handover': ['ringing', 'rangAt', 'circles', 'isForAll'],
  'ask-owner': ['ringing', 'rangAt', 'circles', 'isForAll', 'asked', 'askedAt'],
  'ask-colleagues': ['ringing', 'rangAt', 'circles', 'isForAll', 'asked', 'askedAt', 'ladder', 'passes'],
  'await-owner': ['asked', 'askedAt'],
  attend: ['ringing', 'circles', 'ladder', 'progressAt', 'asked'],
  take: ['ownerId', 'handoverTo'],
  own: ['ownerId'],
  disown: ['ownerId', 'handoverTo', 'asked'],
  offer: ['handoverTo'],
  'count-press': ['presses', 'type', 'types', 'priority', 'flags', 'policy', 'ladder', 'passes'],
  'call-again': ['ladder', 'passes'],
  'call-helpers': ['ladder', 'passes'],
  'call-further': ['ladder', 'passes'],
  climb: ['ladder', 'toldIds', 'ringing', 'rangAt', 'circles', 'isForAll'],
  'pass-over': ['ladder'],
  'send-helper': ['helperId', 'toldIds'],
  promise: ['promisedAt'],
  unpromise: ['promisedAt', 'helperId'],
  'tell-authority': ['authority', 'services'],
  'take-in': [],
  shelve: ['shelvedUntil'],
  unshelve: ['shelvedUntil'],
  close: ['resolution', 'handoverTo', 'authority', 'ringing', 'circles', 'ladder'],
  'open-again': ['resolution', 'helperId', 'promisedAt'],
} as const satisfies Record<Effect, readonly (keyof IncidentRecord)[]>;

/** What is so after an effect, where no later one undoes it; `was` is the incident before. */
const SHOWS = {
  ring: () => ({ ringing: true, rangAt: AT, circles: expect.arrayContaining(['duty']) }),
  'ring-owner': () => ({ ringing: true, rangAt: AT, circles: expect.arrayContaining(['owner']) }),
  'ring-colleagues': () => ({ ringing: true, rangAt: AT, isForAll: true }),
  'ring-handover': () => ({ ringing: true, rangAt: AT, circles: expect.arrayContaining(['handover']) }),
  'ask-owner': () => ({ ringing: true, asked: 'owner', askedAt: AT }),
  'ask-colleagues': () => ({ ringing: true, asked: 'colleagues', askedAt: AT, isForAll: true }),
  'await-owner': (was) => (was.ownerId === null ? {} : { asked: 'owner', askedAt: AT }),
  attend: () => ({ progressAt: AT }),
  take: () => ({ ownerId: 'u2' }),
  own: (was) => ({ ownerId: was.ownerId ?? 'u2' }),
  disown: () => ({ ownerId: null }),
  offer: () => ({ handoverTo: 'u3' }),
  'count-press': (was) => ({
    presses: was.presses + 1,
    type: 'sos',
    priority: 1,
    types: ['water', 'sos'],
    flags: ['late'],
  }),
  'call-again': (was) => ({ passes: was.passes + 1, ladder: { next: 0, startedAt: AT, hasReached: false } }),
  'call-helpers': (was) => ({ passes: was.passes + 1, ladder: { next: 4 } }),
  'call-further': (was) => ({ passes: was.passes + 1, ladder: { next: 4 } }),
  climb: (was) => (was.ladder === null ? {} : { ladder: { next: was.ladder.next + 1 }, toldIds: ['h3'] }),
  'pass-over': (was) => (was.ladder === null ? {} : { ladder: { next: was.ladder.next + 1 } }),
  'send-helper': () => ({ toldIds: ['h2'] }),
  promise: () => ({ promisedAt: AT + 8 * MINUTE }),
  unpromise: () => ({ promisedAt: null }),
  'tell-authority': () => ({ services: ['120'] }),
  // What it takes in is another case's; `take-in.test.ts`.
  'take-in': () => ({}),
  shelve: () => ({ shelvedUntil: AT + 20 * MINUTE }),
  unshelve: () => ({ shelvedUntil: null }),
  close: () => ({ resolution, ringing: false, circles: [], ladder: null }),
  'open-again': () => ({ resolution: null, ringing: true }),
} as const satisfies Record<Effect, (was: IncidentRecord) => object>;

function inState(state: IncidentState, changes: Partial<Omit<IncidentRecord, 'state'>> = {}): IncidentRecord {
  const shelvedUntil = state === 'shelved' ? NOW + MINUTE : null;
  if (state === 'resolved') return resolvedIncident({ ownerId: 'u1', ...changes });
  if (state === 'open') return openIncident({ type: 'water', ...changes });
  const attended = { ownerId: 'u1', ringing: false, circles: [], ladder: null, shelvedUntil } as const;
  return openIncident({ state, type: 'water', ...attended, ...changes });
}

const rows = INCIDENT_STATES.flatMap((state) => INCIDENT_EVENTS.map((event) => ({ state, event })));

describe.each([
  ['as it usually is', {}],
  ['while nobody has it', { ownerId: null }],
] as const)('Each row of the table, %s:', (_, changes) => {
  test.each(rows)('$event while $state does what its row says and nothing else', ({ state, event }) => {
    const before = inState(state, changes);
    const transition = findTransition(state, event);
    const moved = applyEvent(before, event, input);
    if (transition === null || moved === null) {
      expect([transition, moved]).toEqual([null, null]);
      return;
    }
    const { incident: after } = moved;
    expect(moved.name).toBe(transition.name);
    expect(after.version).toBe(before.version + 1);
    expect(after.updatedAt).toBe(AT);
    const isNobodys = transition.to === 'claimed' && after.ownerId === null;
    expect(after.state).toBe(isNobodys ? 'open' : transition.to);
    const touched = new Set<string>(transition.effects.flatMap((effect) => TOUCHES[effect]));
    // What always holds (`settle`).
    for (const field of ['state', 'version', 'updatedAt', 'shelvedUntil']) touched.add(field);
    if (after.ownerId === null) for (const field of ['ladder', 'passes']) touched.add(field);
    for (const [field, value] of Object.entries(after)) {
      if (!touched.has(field)) expect([field, value]).toEqual([field, before[field as keyof IncidentRecord]]);
    }
    const undone = new Set<string>();
    for (const effect of transition.effects.toReversed()) {
      const shown = Object.entries(SHOWS[effect](before)).filter(([field]) => !undone.has(field));
      expect(after).toMatchObject(Object.fromEntries(shown));
      for (const field of TOUCHES[effect]) undone.add(field);
    }
  });
});

describe('The table', () => {
  test('has a row for every state and an event for every name, and only `resolved` has no deadline', () => {
    expect(Object.keys(MACHINE).toSorted()).toEqual([...INCIDENT_STATES].toSorted());
    const used = new Set(Object.values(MACHINE).flatMap((row) => Object.keys(row)));
    expect([...used].toSorted()).toEqual([...INCIDENT_EVENTS].toSorted());
    const without = INCIDENT_STATES.filter((state) => findTransition(state, 'deadline') === null);
    expect(without).toEqual(['resolved']);
  });

  test('rings at each further press, in every open state', () => {
    for (const state of INCIDENT_STATES.filter((each) => each !== 'resolved')) {
      const effects = findTransition(state, 'join')?.effects ?? [];
      expect(effects).toContain('count-press');
      expect(effects.some((effect) => effect === 'ring' || effect === 'ring-owner')).toBe(true);
    }
  });

  test('tells a press from `arrived` on as one on the spot', () => {
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

  test('leads to `resolved` by a closing, a merge and a restore, and by nothing else', () => {
    const leading = rows.filter(
      ({ state, event }) => state !== 'resolved' && findTransition(state, event)?.to === 'resolved',
    );
    expect(new Set(leading.map(({ event }) => event))).toEqual(new Set(['resolve', 'merge', 'restore']));
  });
});

describe('A further press', () => {
  const press = (incident: IncidentRecord, type: 'sos' | 'water' | 'duress', nowMs = NOW) => {
    const priority = type === 'water' ? 2 : 1;
    const policy = choosePolicy({ type, lane: 'emergency', priority, region: null, residentId: null });
    const moved = applyEvent(incident, 'join', { nowMs, press: { type, priority, flags: [], policy } });
    if (moved === null) throw new Error('refused');
    return moved.incident;
  };

  test('after "out of bed" is shown as the key, and a less urgent alarm changes nothing of it', () => {
    expect(press(openIncident({ type: 'bed-exit' }), 'sos')).toMatchObject({ type: 'sos', priority: 1 });
    expect(press(openIncident(), 'water')).toMatchObject({ type: 'sos', priority: 1 });
  });

  test('that is more urgent brings the steps of its own policy, and they begin anew', () => {
    const bed = openIncident({
      type: 'bed-exit',
      ladder: { pass: 1, next: 2, startedAt: NOW, hasReached: true, exceptId: null },
    });
    const pressed = press(bed, 'sos', NOW + 30 * SECOND);
    expect(pressed.policy.id).toBe('life');
    expect(pressed.ladder).toMatchObject({ pass: 2, next: 0, startedAt: NOW + 30 * SECOND });
    expect(press(openIncident(), 'water')).toMatchObject({ policy: { id: 'life' }, ladder: { pass: 1 } });
  });

  test('of duress makes the case silent, and no press after it makes it loud again', () => {
    const silent = press(openIncident(), 'duress');
    expect(silent.policy.id).toBe('duress');
    expect(press(silent, 'sos').policy.id).toBe('duress');
  });

  test('on an owned case rings at its owner and those on duty; the owner has as long as one who was asked', () => {
    const owned = inState('claimed', { progressAt: NOW - 10 * SECOND });
    expect(press(owned, 'sos')).toMatchObject({ ringing: true, circles: ['owner', 'duty'], asked: 'owner' });
  });

  test('does not put off that colleagues are asked, and does not narrow at whom it rings', () => {
    const asked = inState('claimed', {
      ringing: true,
      circles: ['owner', 'operators', 'supervisors'],
      asked: 'colleagues',
      askedAt: NOW,
    });
    const pressed = press(asked, 'sos', NOW + 20 * SECOND);
    expect(pressed).toMatchObject({ asked: 'colleagues', askedAt: NOW });
    expect(pressed.circles).toEqual(['owner', 'operators', 'supervisors', 'duty']);
  });

  test('takes a case from its shelf', () => {
    expect(press(inState('shelved'), 'sos')).toMatchObject({ state: 'open', ownerId: null, ringing: true });
  });
});

describe('While nobody in the centre has it', () => {
  test('a helper who accepts and arrives ends neither the ring nor the ladder', () => {
    let incident: IncidentRecord = openIncident();
    const { ladder } = incident;
    for (const event of ['accept', 'arrive'] as const) {
      incident =
        applyEvent(incident, event, { nowMs: incident.updatedAt + SECOND, helperId: 'h1' })?.incident ?? incident;
      expect(incident).toMatchObject({ state: `${event}${event === 'accept' ? 'ed' : 'd'}`, ownerId: null });
      expect(incident).toMatchObject({ ringing: true, ladder });
    }
  });

  test('a helper beside the person ends both until their report is late', () => {
    const arrived = openIncident({ state: 'arrived', helperId: 'h1' });
    const there = applyEvent(arrived, 'with-person', { nowMs: AT, helperId: 'h1', isUnheard: false })?.incident;
    expect(there).toMatchObject({ state: 'with-person', ringing: false, ladder: null });
  });

  test('a case is open, not claimed', () => {
    const declined = applyEvent(openIncident({ state: 'dispatched', helperId: 'h1' }), 'decline', { nowMs: AT });
    expect(declined?.incident).toMatchObject({ state: 'open', ownerId: null, helperId: null, ringing: true });
  });

  test('its ladder begins again when it was lost', () => {
    const quiet = openIncident({ ladder: null, ringing: false });
    expect(applyEvent(quiet, 'comment', { nowMs: AT })?.incident.ladder).toMatchObject({ next: 0, startedAt: AT });
  });
});

describe('A helper who declines', () => {
  test('is not called again by the pass that looks for another', () => {
    const dispatched = openIncident({ state: 'dispatched', ownerId: 'u1', helperId: 'h1', ladder: null });
    const declined = applyEvent(dispatched, 'decline', { nowMs: AT })?.incident;
    expect(declined).toMatchObject({ state: 'claimed', helperId: null, asked: 'owner', ladder: { exceptId: 'h1' } });
  });
});

test('an escalated case rings at colleagues and supervisors, and helpers are called in their turn', () => {
  const escalated = applyEvent(inState('claimed', { type: 'sos', priority: 1 }), 'escalate', { nowMs: AT })?.incident;
  expect(escalated).toMatchObject({ ringing: true, circles: ['operators', 'supervisors'], isForAll: true });
  expect(escalated?.ladder).toMatchObject({ next: 4, hasReached: true });
});

test('an incident’s own times never go back, however far the wall clock does', () => {
  const claimed = applyEvent(openIncident(), 'claim', { nowMs: NOW - 10 * HOUR, ownerId: 'u1' });
  expect(claimed?.incident.updatedAt).toBe(NOW + 1);
  expect(claimed?.incident.progressAt).toBe(NOW + 1);
});
