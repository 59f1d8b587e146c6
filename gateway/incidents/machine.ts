import type { IncidentState } from '../api/contract/incident.ts';

/**
 * What can happen to an incident. `join`: a further alarm of the same emergency. `mention`: something about it that asks
 * for nobody (a cancel, a restore, a repeated frame). `step`: somebody did something and logged it. `comment`: a note to a
 * case without taking part in it. `deadline`: nobody did anything for too long.
 */
export const INCIDENT_EVENTS = [
  'join',
  'mention',
  'claim',
  'release',
  'step',
  'comment',
  'seen',
  'resolve',
  'restore',
  'reopen',
  'deadline',
] as const;
export type IncidentEventName = (typeof INCIDENT_EVENTS)[number];

/** What a transition does besides changing the state; data, carried out by `transition.ts`. */
export type Effect =
  | 'ring'
  | 'quiet'
  | 'progress'
  | 'own'
  | 'disown'
  | 'count-press'
  | 'close'
  | 'open-again'
  | 'unshelve';

export type Transition = {
  readonly name: string;
  readonly to: IncidentState;
  readonly effects: readonly Effect[];
};

type Row = { readonly [E in IncidentEventName]?: Transition };

/**
 * Rows that every state shares in which somebody owns the case; owned is not attended, so all of them have a deadline. From
 * `arrived` on a further press comes from where somebody already is.
 */
function ownedRow(state: IncidentState, join: 'pressed-again' | 'pressed-on-the-spot' = 'pressed-again'): Row {
  return {
    join: { name: join, to: state, effects: ['count-press', 'ring'] },
    mention: { name: 'mentioned', to: state, effects: [] },
    claim: { name: 'claimed-again', to: state, effects: [] },
    release: { name: 'released', to: 'open', effects: ['disown', 'progress', 'ring'] },
    step: { name: 'worked-on', to: state, effects: ['quiet', 'progress'] },
    comment: { name: 'commented', to: state, effects: [] },
    seen: { name: 'seen', to: state, effects: [] },
    resolve: { name: 'resolved', to: 'resolved', effects: ['quiet', 'progress', 'close'] },
    restore: { name: 'restored', to: 'resolved', effects: ['quiet', 'progress', 'close'] },
    deadline: { name: 'overdue', to: state, effects: ['ring'] },
  };
}

/**
 * The life of an incident (design §4). An event without an entry is refused as `wrong-state`. Whether this person may do
 * it, and whether a closing says enough, are judged before (`plan-command.ts`, `closing.ts`).
 */
export const MACHINE = {
  open: {
    join: { name: 'pressed-again', to: 'open', effects: ['count-press', 'ring'] },
    mention: { name: 'mentioned', to: 'open', effects: [] },
    claim: { name: 'claimed', to: 'claimed', effects: ['own', 'quiet', 'progress'] },
    step: { name: 'claimed-by-acting', to: 'claimed', effects: ['own', 'quiet', 'progress'] },
    comment: { name: 'commented', to: 'open', effects: [] },
    seen: { name: 'seen', to: 'open', effects: [] },
    resolve: { name: 'resolved', to: 'resolved', effects: ['own', 'quiet', 'progress', 'close'] },
    restore: { name: 'restored', to: 'resolved', effects: ['quiet', 'progress', 'close'] },
    deadline: { name: 'unanswered', to: 'open', effects: ['ring'] },
  },
  claimed: ownedRow('claimed'),
  dispatched: ownedRow('dispatched'),
  accepted: ownedRow('accepted'),
  arrived: ownedRow('arrived', 'pressed-on-the-spot'),
  'with-person': ownedRow('with-person', 'pressed-on-the-spot'),
  'handed-over': ownedRow('handed-over', 'pressed-on-the-spot'),
  shelved: {
    ...ownedRow('shelved'),
    join: { name: 'un-shelved', to: 'open', effects: ['count-press', 'unshelve', 'disown', 'ring'] },
    release: { name: 'released', to: 'open', effects: ['unshelve', 'disown', 'progress', 'ring'] },
    deadline: { name: 'shelf-over', to: 'open', effects: ['unshelve', 'disown', 'ring'] },
  },
  resolved: {
    mention: { name: 'mentioned', to: 'resolved', effects: [] },
    comment: { name: 'commented', to: 'resolved', effects: [] },
    seen: { name: 'seen', to: 'resolved', effects: [] },
    reopen: { name: 'reopened', to: 'open', effects: ['open-again', 'disown', 'progress', 'ring'] },
  },
} as const satisfies Record<IncidentState, Row>;

/** The transition for an event in a state, or null where the table has none. */
export function findTransition(state: IncidentState, event: IncidentEventName): Transition | null {
  const row: Row = MACHINE[state];
  return row[event] ?? null;
}
