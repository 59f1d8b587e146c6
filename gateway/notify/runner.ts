import type { Logger } from 'pino';
import { NoticeQueue, type Queued } from './queue.ts';

/** What was begun may end by itself for so long at a stop; what is cut then is sent again, by its id the same. Chosen. */
const STOP_GRACE_MS = 2000;
/** After our own mistake. */
const AFTER_FAULT_MS = 5000;

export type Job = Queued & {
  /** One go at it. Answers the milliseconds until the next, null when nothing is left to do. */
  readonly go: (signal: AbortSignal) => Promise<number | null>;
  /** The runner stops before it was its turn (again). */
  readonly onDropped?: () => void;
};

/** Runs jobs side by side as the queue gives them their places, each again when it is due. */
export type Runner = {
  readonly add: (job: Job) => void;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

export function createRunner(logger: Logger): Runner {
  let queue = new NoticeQueue<Job>();
  const running = new Set<Promise<void>>();
  const dueTimers = new Map<NodeJS.Timeout, Job>();
  let isOn = false;
  let abort = new AbortController();

  function pump(): void {
    const places = queue;
    for (let job = next(); job !== undefined; job = next()) {
      const begun = job;
      const run: Promise<void> = runOne(begun).finally(() => {
        places.done(begun);
        running.delete(run);
        pump();
      });
      running.add(run);
    }
  }

  function next(): Job | undefined {
    return isOn ? queue.take() : undefined;
  }

  async function runOne(job: Job): Promise<void> {
    let nextMs: number | null = AFTER_FAULT_MS;
    try {
      nextMs = await job.go(abort.signal);
    } catch (error) {
      logger.error({ err: error }, 'a notification could not be handled');
    }
    if (nextMs !== null && !abort.signal.aborted) addLater(job, nextMs);
  }

  function addLater(job: Job, ms: number): void {
    const dueTimer = setTimeout(() => {
      dueTimers.delete(dueTimer);
      add(job);
    }, ms);
    dueTimers.set(dueTimer, job);
  }

  function add(job: Job): void {
    queue.add(job);
    pump();
  }

  return {
    add,
    start: () => {
      if (isOn) return;
      isOn = true;
      abort = new AbortController();
      pump();
    },
    stop: async () => {
      isOn = false;
      const dropped = [...queue.list(), ...dueTimers.values()];
      for (const dueTimer of dueTimers.keys()) clearTimeout(dueTimer);
      dueTimers.clear();
      queue = new NoticeQueue();
      for (const job of dropped) job.onDropped?.();
      const graceTimer = setTimeout(() => abort.abort(), STOP_GRACE_MS);
      await Promise.all(running);
      clearTimeout(graceTimer);
      abort.abort();
    },
  };
}
