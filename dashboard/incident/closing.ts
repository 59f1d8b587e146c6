import type { ActionBody } from '../../gateway/api/contract/actions.ts';
import type { ContactKind, Outcome } from '../../gateway/api/contract/incident.ts';

export type ClosingDraft = {
  readonly outcome: Outcome | null;
  readonly contact: ContactKind | null;
  readonly name: string;
  readonly text: string;
};

export const EMPTY_DRAFT: ClosingDraft = { outcome: null, contact: null, name: '', text: '' };

/** The ways of knowing that the dialog offers. An unanswered call is none, so it is not among them (design §4 Closing). */
export const CLOSING_CONTACTS = [
  'spoke-with-person',
  'spoke-with-someone-beside-them',
  'seen-by',
  'handed-over',
  'not-established',
] as const satisfies readonly ContactKind[];

export type Missing = 'outcome' | 'contact' | 'name' | 'reason' | 'supervisor';

/**
 * What is still missing before it makes sense to send, first thing first; null when whole. The gateway judges again: this
 * only spares the operator a refusal.
 */
export function findMissing(draft: ClosingDraft, priority: number, isSupervisor: boolean): Missing | null {
  if (draft.outcome === null) return 'outcome';
  if (draft.contact === null || draft.contact === 'no-answer') {
    return priority === 1 || draft.contact !== null ? 'contact' : null;
  }
  if (draft.contact === 'not-established' && !isSupervisor) return 'supervisor';
  if (draft.contact === 'seen-by' && draft.name.trim() === '') return 'name';
  if (draft.contact === 'not-established' && draft.text.trim() === '') return 'reason';
  return null;
}

/** The body to send; empty texts are left out. Null while something is missing. */
export function buildClosing(
  draft: ClosingDraft,
  priority: number,
  isSupervisor: boolean,
): ActionBody<'resolve'> | null {
  if (draft.outcome === null || findMissing(draft, priority, isSupervisor) !== null) return null;
  const name = draft.name.trim();
  const text = draft.text.trim();
  return {
    outcome: draft.outcome,
    ...(draft.contact === null ? {} : { contact: draft.contact }),
    ...(draft.contact === 'seen-by' ? { name } : {}),
    ...(text === '' ? {} : { text }),
  };
}
