import { createInTurn } from '../../in-turn.ts';
import type { CommitRequest } from '../commit-script.ts';
import { appendWithin } from './append-within.ts';
import type { Before } from './apply-request.ts';
import type { LineFile } from './line-file.ts';

/** How long people wait for a line to be on the disk; a healthy one takes milliseconds. Chosen. */
const APPEND_LIMIT_MS = 1000;

/** A plan that was carried out here while Redis was away. */
export type LocalPlan = {
  /** Of this plan alone, over all gateways and runs. */
  readonly id: string;
  readonly request: CommitRequest;
  readonly before: readonly Before[];
};

/** An attempt to reach somebody without Redis: written before it is made (`outcome` null), and when it has ended. */
export type AttemptLine = {
  readonly notificationId: string;
  readonly attempt: number;
  readonly outcome: string | null;
  /** How it ended, whole, as whoever sends hands it on; the run after this one may have to note it. */
  readonly told?: unknown;
};

export type PlanJournal = {
  readonly load: () => Promise<{
    readonly plans: LocalPlan[];
    readonly attempts: AttemptLine[];
    readonly damaged: number;
  }>;
  /**
   * Resolves when it is on the disk; those that come while the disk works are written together. Rejects when the disk does,
   * and with `disk-hangs` when it takes too long; then it may still be written.
   */
  readonly append: (line: LocalPlan | AttemptLine) => Promise<void>;
  /**
   * Puts what `plans` answers in the place of all plans that are in the file or on their way there; it is asked once, when
   * nothing else is being written. Of attempts that have ended the beginning is left out.
   */
  readonly rewrite: (plans: () => readonly LocalPlan[]) => Promise<void>;
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Waiting = {
  readonly line: LocalPlan | AttemptLine;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
};

export function createPlanJournal(file: LineFile): PlanJournal {
  let waiting: Waiting[] = [];
  /** One thing at a time on the file. */
  const inTurn = createInTurn();

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await file.append(batch.map(({ line }) => line));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  async function rewrite(plans: () => readonly LocalPlan[]): Promise<void> {
    const { values } = await file.load();
    const batch = waiting;
    waiting = [];
    const attempts = [...values, ...batch.map(({ line }) => line)].filter(isAttempt);
    try {
      await file.replace([...plans(), ...withoutBeginnings(attempts)]);
      for (const { done } of batch) done();
    } catch (error) {
      // The file stands as it was: what waited is added to it.
      waiting = [...batch, ...waiting];
      await writeWaiting();
      throw error;
    }
  }

  return {
    load: async () => {
      const { values, damaged } = await file.load();
      const plans = values.filter(isPlan);
      const attempts = values.filter(isAttempt);
      return { plans, attempts, damaged: damaged + values.length - plans.length - attempts.length };
    },
    append: appendWithin((line) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ line, done: resolve, failed: reject });
      void inTurn(writeWaiting);
      return promise;
    }, APPEND_LIMIT_MS),
    rewrite: (plans) => inTurn(() => rewrite(plans)),
    clear: () => inTurn(() => file.remove()),
    close: () => inTurn(() => file.close()),
  };
}

function withoutBeginnings(attempts: readonly AttemptLine[]): AttemptLine[] {
  const nameOf = ({ notificationId, attempt }: AttemptLine): string => `${notificationId} ${attempt}`;
  const ended = new Set(attempts.filter(({ outcome }) => outcome !== null).map(nameOf));
  return attempts.filter((line) => line.outcome !== null || !ended.has(nameOf(line)));
}

function isPlan(value: unknown): value is LocalPlan {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'request' in value &&
    'before' in value &&
    Array.isArray(value.before)
  );
}

function isAttempt(value: unknown): value is AttemptLine {
  return typeof value === 'object' && value !== null && 'notificationId' in value && 'outcome' in value;
}
