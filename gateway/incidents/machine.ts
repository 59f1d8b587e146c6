import type { IncidentState } from '../api/contract/incident.ts';

/**
 * What can happen to an incident. `join`: a further alarm of the same emergency, `join-new`: of a type that it had not. `still`:
 * what it is about lasts. `mention`: something about it that asks
 * for nobody (a cancel, a restore, a repeated frame). `step`: its owner did something and logged it. `comment`: a note to a
 * case without taking part in it. `deadline`: nobody did anything for too long. `lapse`: its owner is gone. `climb`: a step
 * of the policy fired; `pass-over`: nobody is there for it.
 */
export const INCIDENT_EVENTS = [
  'join',
  'join-new',
  'still',
  'mention',
  'claim',
  'release',
  'lapse',
  'handover',
  'step',
  'comment',
  'seen',
  'dispatch',
  'accept',
  'decline',
  'arrive',
  'with-person',
  'no-access',
  'authority-called',
  'authority-arrived',
  'took-over',
  'escalate',
  'shelve',
  'resolve',
  'restore',
  'merge',
  'take-in',
  'take-in-urgent',
  'split',
  'follow-up',
  'reopen',
  'climb',
  'pass-over',
  'pass-again',
  'deadline',
  'overdue',
] as const;
export type IncidentEventName = (typeof INCIDENT_EVENTS)[number];

/** What a transition does besides changing the state; data, carried out by `transition.ts`, where each is described. */
export type Effect =
  | 'ring'
  | 'ring-owner'
  | 'ring-colleagues'
  | 'ring-handover'
  | 'ask-owner'
  | 'ask-colleagues'
  | 'await-owner'
  | 'attend'
  | 'take'
  | 'own'
  | 'disown'
  | 'offer'
  | 'count-press'
  | 'call-again'
  | 'call-helpers'
  | 'call-further'
  | 'climb'
  | 'pass-over'
  | 'send-helper'
  | 'promise'
  | 'unpromise'
  | 'tell-authority'
  | 'take-in'
  | 'shelve'
  | 'unshelve'
  | 'close'
  | 'open-again';

export type Transition = {
  readonly name: string;
  readonly to: IncidentState;
  readonly effects: readonly Effect[];
};

type Row = { readonly [E in IncidentEventName]?: Transition };

/** What every open state has in common. The steps of a rescue may come without the ones before: they are told as they are known. */
function openRow(state: IncidentState, whenWorkedOn: IncidentState): Row {
  return {
    still: { name: 'still-so', to: state, effects: ['count-press'] },
    mention: { name: 'mentioned', to: state, effects: [] },
    comment: { name: 'commented', to: state, effects: [] },
    seen: { name: 'seen', to: state, effects: [] },
    step: {
      name: whenWorkedOn === state ? 'worked-on' : 'claimed-by-acting',
      to: whenWorkedOn,
      effects: ['own', 'attend'],
    },
    split: { name: 'split', to: whenWorkedOn, effects: ['own', 'attend'] },
    dispatch: { name: 'dispatched', to: 'dispatched', effects: ['own', 'attend', 'send-helper', 'unpromise'] },
    accept: { name: 'accepted', to: 'accepted', effects: ['own', 'attend', 'send-helper', 'promise'] },
    arrive: { name: 'arrived', to: 'arrived', effects: ['own', 'attend', 'send-helper'] },
    'with-person': { name: 'reached', to: 'with-person', effects: ['own', 'attend', 'send-helper'] },
    'no-access': {
      name: 'locked-out',
      to: whenWorkedOn,
      effects: ['own', 'attend', 'ring-colleagues', 'call-helpers'],
    },
    'authority-called': { name: 'authority-called', to: whenWorkedOn, effects: ['own', 'attend', 'tell-authority'] },
    'authority-arrived': { name: 'authority-arrived', to: whenWorkedOn, effects: ['own', 'attend', 'tell-authority'] },
    'took-over': { name: 'handed-over', to: 'handed-over', effects: ['own', 'attend', 'tell-authority'] },
    handover: { name: 'offered', to: whenWorkedOn, effects: ['own', 'attend', 'offer', 'ring-handover'] },
    escalate: { name: 'escalated', to: whenWorkedOn, effects: ['own', 'attend', 'ring-colleagues', 'call-further'] },
    shelve: { name: 'shelved', to: 'shelved', effects: ['own', 'attend', 'shelve'] },
    resolve: { name: 'resolved', to: 'resolved', effects: ['own', 'attend', 'close'] },
    restore: { name: 'restored', to: 'resolved', effects: ['attend', 'close'] },
    merge: { name: 'merged', to: 'resolved', effects: ['attend', 'close'] },
    'take-in': { name: 'took-in', to: whenWorkedOn, effects: ['unshelve', 'take-in', 'own', 'attend'] },
    'take-in-urgent': {
      name: 'took-in-urgent',
      to: whenWorkedOn,
      effects: ['unshelve', 'take-in', 'own', 'attend', 'ring', 'await-owner'],
    },
    climb: { name: 'climbed', to: state, effects: ['climb'] },
    'pass-over': { name: 'passed-over', to: state, effects: ['pass-over'] },
    // The steps ring; a pass that reaches nobody leaves it to the state's own deadline.
    'pass-again': { name: 'called-again', to: state, effects: ['call-again'] },
  };
}

/**
 * Rows that every state shares in which work has begun; owned is not attended, so all of them have a deadline. Nobody may
 * own such a case: its owner may be gone while a helper is still on the way. From `arrived` on a further press comes from
 * where somebody already is.
 */
function workedRow(state: IncidentState, join: 'pressed-again' | 'pressed-on-the-spot' = 'pressed-again'): Row {
  return {
    ...openRow(state, state),
    join: {
      name: join,
      to: state,
      effects: ['count-press', join === 'pressed-again' ? 'ring' : 'ring-owner', 'await-owner'],
    },
    // Its plan begins for everybody, also when somebody works on the rest of the case: it is acknowledged by itself.
    'join-new': {
      name: 'new-type',
      to: state,
      effects: ['count-press', 'ring', 'ring-colleagues', 'await-owner', 'call-again'],
    },
    claim: { name: 'claimed-again', to: state, effects: ['take', 'attend'] },
    release: { name: 'released', to: state, effects: ['attend', 'disown', 'call-again', 'ring'] },
    lapse: { name: 'lapsed', to: state, effects: ['disown', 'call-again', 'ring'] },
    decline: { name: 'declined', to: 'claimed', effects: ['call-helpers', 'unpromise', 'ask-owner'] },
    deadline: { name: 'owner-asked', to: state, effects: ['ask-owner'] },
    overdue: { name: 'colleagues-asked', to: state, effects: ['ask-colleagues'] },
  };
}

/**
 * The life of an incident (design §4). An event without an entry is refused as `wrong-state`. Whether this person may do
 * it, and whether a closing says enough, are judged before (`plan-command.ts`, `closing.ts`).
 */
export const MACHINE = {
  open: {
    ...openRow('open', 'claimed'),
    join: { name: 'pressed-again', to: 'open', effects: ['count-press', 'ring'] },
    'join-new': { name: 'new-type', to: 'open', effects: ['count-press', 'ring', 'ring-colleagues', 'call-again'] },
    claim: { name: 'claimed', to: 'claimed', effects: ['take', 'attend'] },
    deadline: { name: 'unanswered', to: 'open', effects: ['ring'] },
  },
  claimed: {
    ...workedRow('claimed'),
    release: { name: 'released', to: 'open', effects: ['attend', 'disown', 'call-again', 'ring'] },
    lapse: { name: 'lapsed', to: 'open', effects: ['disown', 'call-again', 'ring'] },
  },
  dispatched: workedRow('dispatched'),
  accepted: workedRow('accepted'),
  arrived: workedRow('arrived', 'pressed-on-the-spot'),
  'with-person': workedRow('with-person', 'pressed-on-the-spot'),
  'handed-over': workedRow('handed-over', 'pressed-on-the-spot'),
  shelved: {
    ...openRow('shelved', 'claimed'),
    join: {
      name: 'un-shelved',
      to: 'open',
      effects: ['count-press', 'unshelve', 'disown', 'call-again', 'ring'],
    },
    'join-new': {
      name: 'un-shelved',
      to: 'open',
      effects: ['count-press', 'unshelve', 'disown', 'ring', 'ring-colleagues', 'call-again'],
    },
    step: { name: 'worked-on', to: 'shelved', effects: [] },
    claim: { name: 'taken-up', to: 'claimed', effects: ['unshelve', 'take', 'attend'] },
    release: { name: 'released', to: 'open', effects: ['unshelve', 'attend', 'disown', 'call-again', 'ring'] },
    // Who shelved it may go home: it rings at whoever is there when its time is over.
    lapse: { name: 'lapsed', to: 'shelved', effects: ['disown'] },
    deadline: { name: 'shelf-over', to: 'open', effects: ['unshelve', 'disown', 'call-again', 'ring'] },
  },
  resolved: {
    mention: { name: 'mentioned', to: 'resolved', effects: [] },
    comment: { name: 'commented', to: 'resolved', effects: [] },
    seen: { name: 'seen', to: 'resolved', effects: [] },
    'follow-up': { name: 'followed-up', to: 'resolved', effects: [] },
    reopen: { name: 'reopened', to: 'open', effects: ['open-again', 'disown', 'attend', 'call-again', 'ring'] },
  },
} as const satisfies Record<IncidentState, Row>;

/** The transition for an event in a state, or null where the table has none. */
export function findTransition(state: IncidentState, event: IncidentEventName): Transition | null {
  const row: Row = MACHINE[state];
  return row[event] ?? null;
}
