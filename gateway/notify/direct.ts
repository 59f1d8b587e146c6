import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { Outcome } from './note.ts';
import type { Notes } from './notes.ts';
import type { Runner } from './runner.ts';
import type { SendOnce } from './sender.ts';

/** Remembered, so that the outbox does not send them once more; beyond it the receiver knows a repeat by its id. */
const REMEMBERED = 20_000;

/** What whoever sends without Redis keeps of it. */
export type DirectHooks = {
  /** Before each attempt: write down that it is made. It is made also when that fails. */
  readonly beforeAttempt: (draft: NotificationDraft, attempt: number) => Promise<void>;
  /** How an attempt ended, to be written down and handed to `note` once Redis is back. */
  readonly afterAttempt: (draft: NotificationDraft, outcome: Outcome) => void;
};

export type DirectState = 'sent' | 'under-way';

/** Notifications without Redis (design §4 Redis away). */
export type DirectSender = {
  /**
   * Sends straight from memory, attempt after attempt, beside all others. Resolves with the last outcome; with null where
   * it was sent directly before, or the gateway stops. Never rejects. `incident` gives it as it is at each attempt.
   */
  readonly send: (
    draft: NotificationDraft,
    incident: () => IncidentRecord | null,
    hooks: DirectHooks,
  ) => Promise<Outcome | null>;
  /** Redis is back: attempts go into the incident's log. Rejects while Redis does not answer. */
  readonly note: (draft: NotificationDraft, outcomes: readonly Outcome[]) => Promise<void>;
  /** Known from a journal to be sent: the outbox does not send it once more. */
  readonly remember: (notificationId: string) => void;
  /** Null: not by this process, as far as it remembers. */
  readonly stateOf: (notificationId: string) => DirectState | null;
};

export function createDirectSender(deps: {
  readonly runner: Runner;
  readonly sendOnce: SendOnce;
  readonly notes: Pick<Notes, 'note'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): DirectSender {
  const { runner, sendOnce, clock, logger } = deps;
  const sent = new Set<string>();
  const underWay = new Map<string, Promise<Outcome | null>>();

  function remember(notificationId: string): void {
    sent.delete(notificationId);
    sent.add(notificationId);
    for (const oldest of sent) {
      if (sent.size <= REMEMBERED) break;
      sent.delete(oldest);
    }
  }

  async function before(draft: NotificationDraft, attempt: number, hooks: DirectHooks): Promise<void> {
    try {
      await hooks.beforeAttempt(draft, attempt);
    } catch (error) {
      logger.error({ code: errorCode(error), notificationId: draft.id }, 'an attempt could not be written down');
    }
  }

  function begin(
    draft: NotificationDraft,
    incident: () => IncidentRecord | null,
    hooks: DirectHooks,
  ): Promise<Outcome | null> {
    const { promise, resolve } = Promise.withResolvers<Outcome | null>();
    const takenMono = clock.monoMs();
    let attempts = 0;
    runner.add({
      person: `${draft.to.kind}:${draft.to.id}`,
      priority: incident()?.priority ?? 1,
      get isRetry() {
        return attempts > 0;
      },
      go: async (signal) => {
        await before(draft, attempts + 1, hooks);
        const soFar = { attempts, heldMs: clock.monoMs() - takenMono };
        const { outcome, pauseMs } = await sendOnce(draft, incident(), soFar, signal);
        if (signal.aborted && outcome.result === 'failed') {
          resolve(null);
          return null;
        }
        attempts = outcome.attempt;
        hooks.afterAttempt(draft, outcome);
        if (outcome.result === 'sent') remember(draft.id);
        if (pauseMs === null) resolve(outcome);
        return pauseMs;
      },
      onDropped: () => resolve(null),
    });
    return promise;
  }

  return {
    send: (draft, incident, hooks) => {
      if (sent.has(draft.id)) return Promise.resolve(null);
      const known = underWay.get(draft.id);
      if (known !== undefined) return known;
      const sending = begin(draft, incident, hooks).finally(() => underWay.delete(draft.id));
      underWay.set(draft.id, sending);
      return sending;
    },
    note: async (draft, outcomes) => {
      for (const outcome of outcomes) await deps.notes.note(draft, outcome);
    },
    remember,
    stateOf: (id) => (sent.has(id) ? 'sent' : underWay.has(id) ? 'under-way' : null),
  };
}
