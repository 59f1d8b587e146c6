import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import { comparePositions } from '../incidents/log/log-position.ts';
import { faultWord } from '../incidents/store-silence.ts';
import type { DirectSender } from './direct.ts';
import { isFinal, type Outcome } from './note.ts';
import type { Notes } from './notes.ts';
import type { Outbox } from './outbox.ts';
import type { Job, Runner } from './runner.ts';
import type { SendOnce } from './sender.ts';

/** Redis does not answer: what was done is noted again after this. */
const NOTE_AGAIN_MS = 1000;
/** Said so long ago that it is ours, somebody else may have it by now; below the time of a take-over. Chosen. */
const SURE_FOR_MS = 3000;
/** Where the incident is not at hand. */
const USUAL_PRIORITY = 1;

type Held = {
  readonly draft: NotificationDraft;
  readonly streamId: string;
  readonly takenMonoMs: number;
  /** When it was last said that it is ours. */
  saidMonoMs: number;
  attempts: number;
  /** As last seen, for when Redis does not answer. */
  incident: IncidentRecord | null;
  /** Somebody else has taken it over. */
  isLost: boolean;
  /** A later one to the same person about the same incident is here. */
  isSuperseded: boolean;
  /** Nothing more is sent. */
  isOver: boolean;
  /** What Redis has not taken yet. */
  readonly unnoted: Outcome[];
};

export type Courier = {
  /** Takes a notification of the outbox; one that it has already is not taken twice. */
  readonly take: (streamId: string, draft: NotificationDraft) => void;
  /** Says again what it works on, and lets go of what somebody else has taken over. */
  readonly hold: () => Promise<void>;
  readonly held: () => number;
  /** After a stop: what was not finished is pending in Redis and is read again. */
  readonly clear: () => void;
};

/**
 * Brings notifications from the outbox to their receivers: at least once, attempt after attempt, each noted in the incident's
 * log. While Redis does not answer it goes on with what it has; a receiver may then be told twice, by the same id.
 */
export function createCourier(deps: {
  readonly runner: Runner;
  readonly outbox: Pick<Outbox, 'hold' | 'settle' | 'loadState'>;
  readonly notes: Pick<Notes, 'note'>;
  readonly sendOnce: SendOnce;
  /** On the board or in the store; null where there is none. */
  readonly loadIncident: (id: string) => Promise<IncidentRecord | null>;
  readonly priorityOf: (incidentId: string) => number | undefined;
  /** Whether it is, or was, sent straight from memory while Redis was away. */
  readonly directStateOf: DirectSender['stateOf'];
  readonly clock: Clock;
  readonly logger: Logger;
}): Courier {
  const { runner, outbox, clock, logger } = deps;
  const heldById = new Map<string, Held>();
  const latest = new Map<string, Held>();

  function take(streamId: string, draft: NotificationDraft): void {
    if (heldById.has(streamId)) return;
    const nowMono = clock.monoMs();
    const held: Held = {
      ...{ draft, streamId, takenMonoMs: nowMono, saidMonoMs: nowMono, attempts: 0, unnoted: [] },
      ...{ incident: null, isLost: false, isSuperseded: false, isOver: false },
    };
    heldById.set(streamId, held);
    const subject = subjectOf(draft);
    const before = latest.get(subject);
    // Taken over from another gateway, an older one comes after a newer.
    const isNewer = before === undefined || comparePositions(before.streamId, streamId) < 0;
    if (isNewer) latest.set(subject, held);
    const older = isNewer ? before : held;
    if (older !== undefined) older.isSuperseded = true;
    const job: Job = {
      person: `${draft.to.kind}:${draft.to.id}`,
      priority: deps.priorityOf(draft.incidentId) ?? USUAL_PRIORITY,
      get isRetry() {
        return held.attempts > 0;
      },
      go: (signal) => go(held, signal),
    };
    runner.add(job);
  }

  async function go(held: Held, signal: AbortSignal): Promise<number | null> {
    const pauseMs = held.isOver ? null : await attempt(held, signal);
    if (signal.aborted) return null;
    if (!(await noteAll(held))) return pauseMs ?? NOTE_AGAIN_MS;
    if (held.isLost) return drop(held);
    if (!held.isOver) return pauseMs;
    try {
      await outbox.settle(held.streamId);
    } catch (error) {
      logger.debug({ code: faultWord(error), notificationId: held.draft.id }, 'the outbox does not answer');
      return NOTE_AGAIN_MS;
    }
    return drop(held);
  }

  /** Milliseconds until the next attempt; null when there is none. */
  async function attempt(held: Held, signal: AbortSignal): Promise<number | null> {
    const { draft } = held;
    // It was in memory first; that attempt is not to be made twice at once.
    if (deps.directStateOf(draft.id) === 'under-way') return NOTE_AGAIN_MS;
    if (await isSentAlready(held)) {
      held.isOver = true;
      return null;
    }
    if (!(await isStillOurs(held))) return null;
    held.incident = (await loadIncident(draft.incidentId)) ?? held.incident;
    const heldMs = clock.monoMs() - held.takenMonoMs;
    const { outcome, pauseMs } =
      held.isSuperseded && held.attempts > 0
        ? { outcome: supersede(held), pauseMs: null }
        : await deps.sendOnce(draft, held.incident, { attempts: held.attempts, heldMs }, signal);
    if (signal.aborted && outcome.result === 'failed') return null;
    held.attempts = outcome.attempt;
    held.unnoted.push(outcome);
    held.isOver = pauseMs === null;
    const { result, code, attempt: number, latencyMs } = outcome;
    const ids = { notificationId: draft.id, incidentId: draft.incidentId };
    logger[result === 'sent' ? 'info' : 'warn']({ ...ids, attempt: number, result, code, latencyMs }, 'notified');
    return pauseMs;
  }

  async function isSentAlready(held: Held): Promise<boolean> {
    if (deps.directStateOf(held.draft.id) === 'sent') return true;
    if (held.unnoted.length > 0) return false;
    try {
      const { value } = await outbox.loadState(held.draft.id);
      held.attempts = Math.max(held.attempts, value?.attempts ?? 0);
      return isFinal(value);
    } catch (error) {
      logger.debug({ code: faultWord(error), notificationId: held.draft.id }, 'the outbox does not answer');
      return false;
    }
  }

  /** Not to know, because Redis does not answer, is no reason to leave somebody untold. */
  async function isStillOurs(held: Held): Promise<boolean> {
    if (held.isLost || clock.monoMs() - held.saidMonoMs <= SURE_FOR_MS) return !held.isLost;
    try {
      await say([held]);
    } catch (error) {
      logger.debug({ code: faultWord(error), notificationId: held.draft.id }, 'the outbox does not answer');
    }
    return !held.isLost;
  }

  async function loadIncident(id: string): Promise<IncidentRecord | null> {
    try {
      return await deps.loadIncident(id);
    } catch (error) {
      logger.debug({ code: faultWord(error), incidentId: id }, 'the incident of a notification could not be loaded');
      return null;
    }
  }

  function supersede({ attempts }: Held): Outcome {
    const none = { channel: null, latencyMs: null, receipt: null } as const;
    return { ...none, attempt: attempts, result: 'gave-up', code: 'superseded', at: clock.nowMs() };
  }

  async function noteAll(held: Held): Promise<boolean> {
    try {
      for (let outcome = held.unnoted[0]; outcome !== undefined; outcome = held.unnoted[0]) {
        const state = await deps.notes.note(held.draft, outcome);
        held.unnoted.shift();
        // Another gateway may have got through meanwhile.
        if (isFinal(state)) held.isOver = true;
      }
      return true;
    } catch (error) {
      logger.debug({ code: faultWord(error), notificationId: held.draft.id }, 'an attempt could not be noted yet');
      return false;
    }
  }

  async function say(some: readonly Held[]): Promise<void> {
    const saidMono = clock.monoMs();
    const lost = new Set(await outbox.hold(some.map(({ streamId }) => streamId)));
    for (const held of some) {
      if (lost.has(held.streamId)) held.isLost = true;
      else held.saidMonoMs = saidMono;
    }
  }

  function drop(held: Held): null {
    heldById.delete(held.streamId);
    const subject = subjectOf(held.draft);
    if (latest.get(subject) === held) latest.delete(subject);
    return null;
  }

  return {
    take,
    hold: () => say([...heldById.values()].filter(({ isLost }) => !isLost)),
    held: () => heldById.size,
    clear: () => {
      heldById.clear();
      latest.clear();
    },
  };
}

function subjectOf({ incidentId, to, reason }: NotificationDraft): string {
  return `${incidentId} ${reason} ${to.kind}:${to.id}`;
}
