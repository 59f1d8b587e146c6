import type { ActionBody, ActionName } from '../../api/contract/actions.ts';
import type { Directory } from '../../registry/directory.ts';
import type { AlarmMove, EntryDraft, NotificationDraft } from '../commit.ts';
import type { IncidentEventName } from '../machine.ts';
import type { Around } from '../load-around.ts';
import type { Performer } from '../performer.ts';
import type { RecordChange } from '../plan-indexes.ts';
import type { IncidentRecord } from '../record.ts';
import type { TransitionInput } from '../transition.ts';

export type Refusal = {
  readonly code:
    | 'claimed-by-other'
    | 'wrong-state'
    | 'contact-needed'
    | 'forbidden'
    | 'not-found'
    | 'bad-request'
    | 'degraded'
    | 'archived';
  readonly detail: string;
  /** Of the field that is wrong, for `bad-request`. */
  readonly path?: string;
};

/** What actions ask the register; in memory, so that nobody waits for Postgres. */
export type ActionRegister = Pick<Directory, 'user' | 'resident' | 'home'>;

/** All that an action is judged and planned from. */
export type ActionInput<Body> = {
  readonly incident: IncidentRecord;
  readonly body: Body;
  readonly actor: Performer;
  readonly nowMs: number;
  /** How many presses there were when the action came in. */
  readonly pressesKnown: number;
  readonly register: ActionRegister;
  /** What lies around the case, for actions that reach beyond it. */
  readonly around: Around;
};

/** What an action does beside what the machine's table says of its event. */
export type Further = {
  /** The case itself. */
  readonly incident: IncidentRecord;
  /** Beside what is told of the action anyway. */
  readonly data?: EntryDraft['data'];
  /** Other cases that change or begin, with their lines. */
  readonly others: readonly RecordChange[];
  readonly entries: readonly EntryDraft[];
  readonly moves: readonly AlarmMove[];
};

/** Codes, ids and times go into the log; what people said, names and numbers beside it (design §7). */
export type Logged = {
  readonly data: EntryDraft['data'];
  readonly personal: Readonly<Record<string, unknown>> | null;
};

/** One action of a person: who may, which event of the machine it is, what comes with it, and what is told of it. */
export type ActionSpec<Body> = {
  /** Who may do it on an open case that a colleague has: anybody who may work on it, or its owner and supervisors. */
  readonly onColleagues: 'anybody' | 'owner-or-supervisor';
  /** Helpers who were told of the case may do it; they never become its owner by it. */
  readonly isForHelpers: boolean;
  readonly event: (input: ActionInput<Body>) => IncidentEventName;
  /** What refuses it beyond the machine's table. */
  readonly check?: (input: ActionInput<Body>) => Refusal | null;
  readonly brings?: (input: ActionInput<Body>) => Partial<TransitionInput>;
  readonly alsoDoes?: (input: ActionInput<Body>, after: IncidentRecord) => Further;
  readonly log: (body: Body) => Logged;
  /** Lines with fixed names beside the action's own (design §4 Milestones). */
  readonly milestones?: (body: Body) => readonly string[];
  /** Whether somebody from the centre spoke with the person or with someone beside them. */
  readonly isVoice?: (body: Body) => boolean;
  readonly notifies?: (input: ActionInput<Body>, after: IncidentRecord) => readonly NotificationDraft[];
};

export type ActionTable<Name extends ActionName = ActionName> = { readonly [A in Name]: ActionSpec<ActionBody<A>> };

/** Nothing to be told beyond that it was done. */
export function logNothing(): Logged {
  return { data: {}, personal: null };
}

/** The fields that were given; null when none was. */
export function keepGiven(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given);
}
