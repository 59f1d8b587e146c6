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
  /** After a restart: who was to be told without Redis, and what the journal says of attempts. Sends what is not finished. */
  readonly remember: (drafts: readonly NotificationDraft[], attempts: readonly AttemptLine[]) => void;
  /** A case that was opened without Redis is part of another one there. */
  readonly went: (incidentId: string, to: string) => void;
  readonly wasSent: (notificationId: string) => boolean;
  /** Redis is back: every attempt goes into the log of its incident. Never rejects. */
  readonly noteAll: () => Promise<void>;
};

/** People are told straight from memory while Redis is away; each attempt is written down before it is made. */
export function createDirectNotices<Outcome extends DirectOutcome>(deps: {
  /** Null: nobody is told before Redis is back. */
  readonly direct: () => Direct<Outcome> | null;
  readonly journal: Pick<PlanJournal, 'append'>;
  readonly find: (incidentId: string) => IncidentRecord | null;
  readonly logger: Logger;
}): DirectNotices {
  const { journal, logger } = deps;
  const sent = new Set<string>();
  const outcomes = new Map<string, { readonly draft: NotificationDraft; readonly all: Outcome[] }>();
  const wentTo = new Map<string, string>();
  let isAway = false;

  const caseOf = (incidentId: string): string => wentTo.get(incidentId) ?? incidentId;

  function keep(draft: NotificationDraft, outcome: Outcome): void {
    const { attempt, result } = outcome;
    hold(draft, outcome);
    journal.append({ notificationId: draft.id, attempt, outcome: result, told: outcome }).catch((error: unknown) => {
      logger.error({ code: errorCode(error), notificationId: draft.id }, 'an outcome could not be written down');
    });
    // It was under way when Redis came back.
    if (!isAway) void noteAll();
  }

  function hold(draft: NotificationDraft, outcome: Outcome): void {
    const known = outcomes.get(draft.id) ?? { draft, all: [] };
    known.all.push(outcome);
    outcomes.set(draft.id, known);
    if (outcome.result === 'sent') sent.add(draft.id);
  }

  function send(drafts: readonly NotificationDraft[]): void {
    isAway = true;
    const direct = deps.direct();
    for (const draft of drafts) {
      if (direct === null || sent.has(draft.id)) continue;
      const sending = direct.send(draft, () => deps.find(caseOf(draft.incidentId)), {
        beforeAttempt: ({ id }, attempt) => journal.append({ notificationId: id, attempt, outcome: null }),
        afterAttempt: keep,
      });
      sending.catch((error: unknown) => {
        logger.error({ code: errorCode(error), notificationId: draft.id }, 'a notification could not be sent');
      });
    }
  }

  async function noteAll(): Promise<void> {
    isAway = false;
    for (const [id, { draft, all }] of [...outcomes]) {
      // What comes meanwhile is noted by itself.
      outcomes.delete(id);
      try {
        await deps.direct()?.note({ ...draft, incidentId: caseOf(draft.incidentId) }, all);
      } catch (error) {
        outcomes.set(id, { draft, all: [...all, ...(outcomes.get(id)?.all ?? [])] });
        logger.warn({ code: errorCode(error), notificationId: id }, 'attempts made without redis are not in the log');
      }
    }
    if (!isAway) sent.clear();
  }

  return {
    send,
    remember: (drafts, attempts) => {
      const draftOf = new Map(drafts.map((draft) => [draft.id, draft]));
      const unfinished = new Map(draftOf);
      for (const { notificationId, outcome, told } of attempts) {
        const draft = draftOf.get(notificationId);
        if (draft !== undefined && told !== undefined) hold(draft, told as Outcome);
        if (outcome === 'sent') {
          sent.add(notificationId);
          deps.direct()?.remember(notificationId);
        }
        if (outcome === 'sent' || outcome === 'gave-up') unfinished.delete(notificationId);
      }
      if (unfinished.size > 0) send([...unfinished.values()]);
    },
    went: (incidentId, to) => void wentTo.set(incidentId, to),
    wasSent: (notificationId) => sent.has(notificationId),
    noteAll,
  };
}
