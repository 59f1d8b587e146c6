import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { ContactKind, Incident, Outcome } from '../../gateway/api/contract/incident.ts';

export type ClosingDraft = {
  readonly outcome: Outcome | null;
  readonly contact: ContactKind | null;
  readonly name: string;
  readonly text: string;
  /** How many presses the person who fills this in has been shown: what is said of the person's state is about those. */
  readonly presses: number;
};

/** What of an incident counts for closing it. */
export type ClosingCase = Pick<Incident, 'priority' | 'presses'>;

export const EMPTY_DRAFT: ClosingDraft = { outcome: null, contact: null, name: '', text: '', presses: 1 };

/** The ways of knowing that the dialog offers. An unanswered call is none, so it is not among them (design §4 Closing). */
export const CLOSING_CONTACTS = [
  'spoke-with-person',
  'spoke-with-someone-beside-them',
  'seen-by',
  'handed-over',
  'not-established',
] as const satisfies readonly ContactKind[];

export type Missing = 'press' | 'outcome' | 'contact' | 'name' | 'reason' | 'supervisor';

/**
 * What is still missing before it makes sense to send, first thing first; null when whole. The gateway judges again: this
 * only spares the operator a refusal.
 */
export function findMissing(draft: ClosingDraft, incident: ClosingCase, isSupervisor: boolean): Missing | null {
  if (isPressedAgain(draft, incident)) return 'press';
  if (draft.outcome === null) return 'outcome';
  if (draft.contact === null || draft.contact === 'no-answer') {
    return incident.priority === 1 || draft.contact !== null ? 'contact' : null;
  }
  if (draft.contact === 'not-established' && !isSupervisor) return 'supervisor';
  if (draft.contact === 'seen-by' && draft.name.trim() === '') return 'name';
  if (draft.contact === 'not-established' && draft.text.trim() === '') return 'reason';
  return null;
}

/** The body to send; empty texts are left out. Null while something is missing. */
export function buildClosing(
  draft: ClosingDraft,
  incident: ClosingCase,
  isSupervisor: boolean,
): ActionBody<'resolve'> | null {
  if (draft.outcome === null || findMissing(draft, incident, isSupervisor) !== null) return null;
  const name = draft.name.trim();
  const text = draft.text.trim();
  return {
    outcome: draft.outcome,
    ...(draft.contact === null ? {} : { contact: draft.contact }),
    ...(draft.contact === 'seen-by' ? { name } : {}),
    ...(text === '' ? {} : { text }),
    // Never the incident's own count: a press that came since is not closed with the others.
    presses: draft.presses,
  };
}

/** The person has pressed since; until whoever closes has seen it, nothing may be sent. */
export function isPressedAgain(draft: ClosingDraft, incident: ClosingCase): boolean {
  return incident.presses > draft.presses;
}

/** After the new press was seen: how the person is must be found out again; what was typed of the outcome stays. */
export function askAgain(draft: ClosingDraft, presses: number): ClosingDraft {
  return { ...draft, contact: null, name: '', presses };
}
