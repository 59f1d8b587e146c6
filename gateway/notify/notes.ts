import type { CommitPlan, NotificationDraft } from '../incidents/commit.ts';
import type { CommitResult } from '../incidents/store.ts';
import { planNote, planReceipt, type NotificationState, type Outcome, type Receipt } from './note.ts';
import type { Outbox } from './outbox.ts';

/** Two gateways and a receipt may write at one moment, not five times in a row. */
const TRIES = 5;

export type Notes = {
  /** Writes an attempt into the incident's log. Rejects while Redis does not answer; it may be tried again then. */
  readonly note: (draft: NotificationDraft, outcome: Outcome) => Promise<NotificationState>;
  /** The same for what a channel tells later; `unknown`: there is no such notification (any more). */
  readonly receive: (notificationId: string, receipt: Receipt) => Promise<'noted' | 'known' | 'unknown'>;
};

export function createNotes(deps: {
  readonly loadState: Outbox['loadState'];
  readonly commit: (plan: CommitPlan) => Promise<CommitResult>;
}): Notes {
  return {
    note: async (draft, outcome) => {
      for (let n = 0; n < TRIES; n += 1) {
        const { plan, state } = planNote(draft, await deps.loadState(draft.id), outcome);
        if ((await deps.commit(plan)).kind === 'done') return state;
      }
      throw new Error('a notification changes faster than it can be noted');
    },
    receive: async (notificationId, receipt) => {
      for (let n = 0; n < TRIES; n += 1) {
        const { raw, value } = await deps.loadState(notificationId);
        if (raw === null || value === null) return 'unknown';
        const plan = planReceipt(notificationId, { raw, value }, receipt);
        if (plan === null) return 'known';
        if ((await deps.commit(plan)).kind === 'done') return 'noted';
      }
      throw new Error('a notification changes faster than it can be noted');
    },
  };
}
