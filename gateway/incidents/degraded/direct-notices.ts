import type { Logger } from 'pino';
import { errorCode } from '../../errors.ts';
import type { NotificationDraft } from '../commit.ts';
import type { IncidentRecord } from '../record.ts';
import type { AttemptLine, PlanJournal } from './plan-journal.ts';

/** How an attempt ended, as far as this needs it; the rest is handed on as it came. */
export type DirectOutcome = { readonly attempt: number; readonly result: string };

/** Sends without Redis; see `notify/direct.ts`. */
export type Direct<Outcome extends DirectOutcome> = {
  readonly send: (
    draft: NotificationDraft,
    incident: () => IncidentRecord | null,
    hooks: {
      readonly beforeAttempt: (draft: NotificationDraft, attempt: number) => Promise<void>;
      readonly afterAttempt: (draft: NotificationDraft, outcome: Outcome) => void;
    },
  ) => Promise<unknown>;
  readonly note: (draft: NotificationDraft, outcomes: readonly Outcome[]) => Promise<void>;
  readonly remember: (notificationId: string) => void;
};

export type DirectNotices = {
  /** Begins to send; those that were sent already are not. */
  readonly send: (drafts: readonly NotificationDraft[]) => void;
  /** After a restart: what the journal says of attempts. */
  readonly remember: (attempts: readonly AttemptLine[]) => void;
  readonly wasSent: (notificationId: string) => boolean;
  /** Redis is back: every attempt goes into the log of its incident. Never rejects. */
  readonly noteAll: () => Promise<void>;
};

/** People are told straight from memory while Redis is away; each attempt is written down before it is made. */
export function createDirectNotices<Outcome extends DirectOutcome>(deps: {
  /** Null: nobody is told before Redis is back. */
  readonly direct: () => Direct<Outcome> | null;
  readonly journal: Pick<PlanJournal, 'append'>;
  readonly findOpen: (incidentId: string) => IncidentRecord | null;
  readonly logger: Logger;
}): DirectNotices {
  const { journal, logger } = deps;
  const sent = new Set<string>();
  const outcomes = new Map<string, { readonly draft: NotificationDraft; readonly all: Outcome[] }>();

  function keep(draft: NotificationDraft, outcome: Outcome): void {
    const { attempt, result } = outcome;
    const known = outcomes.get(draft.id) ?? { draft, all: [] };
    known.all.push(outcome);
    outcomes.set(draft.id, known);
    if (result === 'sent') sent.add(draft.id);
    journal.append({ notificationId: draft.id, attempt, outcome: result }).catch((error: unknown) => {
      logger.error({ code: errorCode(error), notificationId: draft.id }, 'an outcome could not be written down');
    });
  }

  return {
    send: (drafts) => {
      const direct = deps.direct();
      for (const draft of drafts) {
        if (direct === null || sent.has(draft.id)) continue;
        const sending = direct.send(draft, () => deps.findOpen(draft.incidentId), {
          beforeAttempt: ({ id }, attempt) => journal.append({ notificationId: id, attempt, outcome: null }),
          afterAttempt: keep,
        });
        sending.catch((error: unknown) => {
          logger.error({ code: errorCode(error), notificationId: draft.id }, 'a notification could not be sent');
        });
      }
    },
    remember: (attempts) => {
      for (const { notificationId, outcome } of attempts) {
        if (outcome !== 'sent') continue;
        sent.add(notificationId);
        deps.direct()?.remember(notificationId);
      }
    },
    wasSent: (notificationId) => sent.has(notificationId),
    noteAll: async () => {
      for (const [id, { draft, all }] of [...outcomes]) {
        try {
          await deps.direct()?.note(draft, all);
          outcomes.delete(id);
        } catch (error) {
          logger.warn({ code: errorCode(error), notificationId: id }, 'attempts made without redis are not in the log');
        }
      }
      sent.clear();
    },
  };
}
