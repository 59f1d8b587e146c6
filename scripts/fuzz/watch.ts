import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Progress } from './progress.ts';
import type { Outcome } from './run-target.ts';
import type { Order } from './worker.ts';

/** Chosen: no single input may hold a thread for so long, on any machine. */
const HUNG_MS = 60_000;
const LOOK_MS = 1000;

export type WatchOptions = { readonly hungMs?: number; readonly signal?: AbortSignal };

/** Runs one target in a thread of its own, and ends it when it hangs: a loop without an end cannot be broken from within. */
export async function watch(order: Omit<Order, 'progress'>, options: WatchOptions = {}): Promise<Outcome> {
  const progress = new Progress();
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { ...order, progress: progress.buffer } satisfies Order,
  });
  const hungMs = options.hungMs ?? HUNG_MS;
  const startedAt = Date.now();
  const stop = new AbortController();
  const { promise: hung, resolve } = Promise.withResolvers<Outcome>();
  let begun = -1;
  let movedAt = startedAt;
  const looking = setInterval(
    () => {
      const now = Date.now();
      if (progress.begun !== begun || begun === 0) movedAt = now;
      begun = progress.begun;
      if (now - movedAt < hungMs) return;
      const index = begun - 1;
      const failure = { kind: 'hung', index, input: progress.input, detail: `${hungMs} ms` } as const;
      resolve({ name: order.name, inputs: begun, spentMs: now - startedAt, slowestMs: hungMs, grownBytes: 0, failure });
    },
    Math.min(LOOK_MS, hungMs / 4),
  );
  try {
    const signal = options.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, options.signal]);
    const told = once(worker, 'message', { signal }) as Promise<[Outcome]>;
    return await Promise.race([told.then(([outcome]) => outcome), hung]);
  } finally {
    clearInterval(looking);
    stop.abort();
    await worker.terminate();
  }
}
