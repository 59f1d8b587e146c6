import type { CommitRequest } from '../commit-script.ts';
import type { Before } from './apply-request.ts';
import type { LineFile } from './line-file.ts';

/** A plan that was carried out here while Redis was away. */
export type LocalPlan = {
  /** Of this plan alone, over all gateways and runs. */
  readonly id: string;
  readonly request: CommitRequest;
  readonly before: readonly Before[];
};

export type PlanJournal = {
  readonly load: () => Promise<{ readonly plans: LocalPlan[]; readonly damaged: number }>;
  /** Resolves when it is on the disk; those that come while the disk works are written together. */
  readonly append: (plan: LocalPlan) => Promise<void>;
  readonly clear: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Waiting = { readonly plan: LocalPlan; readonly done: () => void; readonly failed: (error: unknown) => void };

export function createPlanJournal(file: LineFile): PlanJournal {
  let waiting: Waiting[] = [];
  let writing: Promise<void> = Promise.resolve();

  async function writeWaiting(): Promise<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await file.append(batch.map(({ plan }) => plan));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
  }

  /** One thing at a time on the file. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const next = writing.then(work, work);
    writing = next;
    return next;
  }

  return {
    load: async () => {
      const { values, damaged } = await file.load();
      const plans = values.filter(isPlan);
      return { plans, damaged: damaged + values.length - plans.length };
    },
    append: (plan) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ plan, done: resolve, failed: reject });
      void inTurn(writeWaiting);
      return promise;
    },
    clear: () => inTurn(() => file.remove()),
    close: () => inTurn(() => file.close()),
  };
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
