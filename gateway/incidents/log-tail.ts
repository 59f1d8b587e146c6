import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { Board } from './board.ts';
import { comparePositions, type LogPosition } from './log-position.ts';
import type { LogItem, LogReader } from './log-reader.ts';
import type { IncidentStore } from './store.ts';

const BLOCK_MS = 1000;
const PAUSE_AFTER_FAULT_MS = 200;

export type LogListener = (item: LogItem) => void;

export type LogTail = {
  readonly board: Board;
  /** Loads the board, then follows the log; resolves once the board is loaded. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly subscribe: (listener: LogListener) => () => void;
  /** Resolves when the board has taken the position, or after `timeoutMs`, whichever is first. */
  readonly reached: (position: LogPosition, timeoutMs: number) => Promise<void>;
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
};

/** Follows the incident log and keeps the board; listeners are told each item once, in order. */
export function createLogTail(deps: {
  readonly reader: LogReader;
  readonly store: Pick<IncidentStore, 'loadOpen'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}): LogTail {
  const { reader, store, clock, logger } = deps;
  const board = new Board();
  const listeners = new Set<LogListener>();
  const waiters = new Set<{ readonly position: LogPosition; readonly done: () => void }>();
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;

  async function load(): Promise<void> {
    const asOf = await reader.newest();
    board.reset(await store.loadOpen(), asOf);
  }

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const items = await reader.readAfter(board.asOf(), BLOCK_MS);
        lastRunMonoMs = clock.monoMs();
        lastFault = null;
        for (const item of items) take(item);
      } catch (error) {
        if (signal.aborted) return;
        lastFault = error instanceof Error ? error.message.slice(0, 80) : 'unknown';
        logger.warn({ err: error }, 'reading the incident log failed');
        await deps.pause(PAUSE_AFTER_FAULT_MS, signal);
      }
    }
  }

  function take(item: LogItem): void {
    if (!board.apply(item)) return;
    for (const listener of listeners) {
      try {
        listener(item);
      } catch (error) {
        logger.error({ err: error, entryId: item.id }, 'a listener of the incident log failed');
      }
    }
    for (const waiter of waiters) if (comparePositions(waiter.position, board.asOf()) <= 0) waiter.done();
  }

  return {
    board,
    start: async () => {
      if (running !== null) return;
      abort = new AbortController();
      await load();
      lastRunMonoMs = clock.monoMs();
      running = loop(abort.signal);
    },
    stop: async () => {
      abort.abort();
      await running;
      running = null;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reached: (position, timeoutMs) => {
      if (comparePositions(position, board.asOf()) <= 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const waiter = {
        position,
        done: () => {
          clearTimeout(giveUpTimer);
          waiters.delete(waiter);
          resolve();
        },
      };
      const giveUpTimer = setTimeout(waiter.done, timeoutMs);
      waiters.add(waiter);
      return promise;
    },
    health: () => ({ lastRunMonoMs, lastFault }),
  };
}
