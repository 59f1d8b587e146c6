import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { Board } from './board.ts';
import { comparePositions, LOG_START, type LogPosition } from './log-position.ts';
import type { LogItem, LogReader } from './log-reader.ts';
import { faultWord } from './store-silence.ts';
import type { IncidentStore } from './store.ts';

const BLOCK_MS = 1000;
const PAUSE_AFTER_FAULT_MS = 200;
/** How often it is looked at whether the log is still the one that the board was made from. */
const LOOK_EVERY_MS = 1000;

export type LogListener = (item: LogItem) => void;

export type LogTail = {
  readonly board: Board;
  /**
   * Loads the board, then follows the log. Resolves when the board is loaded or the first attempt failed: then it goes on
   * trying, and `onReset` listeners are told.
   */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly subscribe: (listener: LogListener) => () => void;
  /**
   * The board was made anew because it could not be loaded at start, or because the log that it was made from is gone
   * (Redis came back empty or older): what was told of positions and incidents before does not hold any more.
   */
  readonly onReset: (listener: () => void) => () => void;
  /** Resolves when the board has taken the position, or after `timeoutMs`, whichever is first. */
  readonly reached: (position: LogPosition, timeoutMs: number) => Promise<void>;
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
};

/** Follows the incident log and keeps the board; listeners are told each item once, in order. */
export function createLogTail(deps: {
  readonly reader: Pick<LogReader, 'readAfter' | 'newest' | 'holds'>;
  readonly store: Pick<IncidentStore, 'loadOpen'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}): LogTail {
  const { reader, store, clock, logger } = deps;
  const board = new Board();
  const listeners = new Set<LogListener>();
  const resetListeners = new Set<() => void>();
  const waiters = new Set<{ readonly position: LogPosition; readonly done: () => void }>();
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;
  let isLoaded = false;
  let lookDueMonoMs = Number.NEGATIVE_INFINITY;
  /** A position taken before the last look; an entry that came after a loss would still be found. */
  let anchor: LogPosition = LOG_START;

  async function load(): Promise<void> {
    const asOf = await reader.newest();
    board.reset(await store.loadOpen(), asOf);
    isLoaded = true;
    anchor = asOf;
    lookDueMonoMs = clock.monoMs() + LOOK_EVERY_MS;
  }

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn();
        lastRunMonoMs = clock.monoMs();
        lastFault = null;
      } catch (error) {
        // Another server may answer next.
        lookDueMonoMs = Number.NEGATIVE_INFINITY;
        if (signal.aborted) return;
        noteFault(error);
        await deps.pause(PAUSE_AFTER_FAULT_MS, signal);
      }
    }
  }

  async function turn(): Promise<void> {
    if (!isLoaded) await reload();
    if (clock.monoMs() >= lookDueMonoMs) {
      const upTo = board.asOf();
      if (await reader.holds(anchor)) anchor = upTo;
      else await reload();
      lookDueMonoMs = clock.monoMs() + LOOK_EVERY_MS;
    }
    for (const item of await reader.readAfter(board.asOf(), BLOCK_MS)) take(item);
  }

  async function reload(): Promise<void> {
    await load();
    logger.warn({ incidents: board.open().length }, 'board made anew');
    for (const listener of resetListeners) tell(listener);
    releaseWaiters();
  }

  function noteFault(error: unknown): void {
    const fault = faultWord(error);
    if (fault !== lastFault) logger.warn({ code: fault }, 'reading the incident log failed');
    lastFault = fault;
  }

  function take(item: LogItem): void {
    if (!board.apply(item)) return;
    // A log that was empty has no position that could be missing later.
    if (anchor === LOG_START) anchor = item.id;
    for (const listener of listeners) tell(() => listener(item));
    releaseWaiters();
  }

  function tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      logger.error({ err: error }, 'a listener of the incident log failed');
    }
  }

  function releaseWaiters(): void {
    for (const waiter of waiters) if (comparePositions(waiter.position, board.asOf()) <= 0) waiter.done();
  }

  return {
    board,
    start: async () => {
      if (running !== null) return;
      abort = new AbortController();
      isLoaded = false;
      running = Promise.resolve();
      try {
        await load();
        lastRunMonoMs = clock.monoMs();
      } catch (error) {
        noteFault(error);
      }
      if (!abort.signal.aborted) running = loop(abort.signal);
    },
    stop: async () => {
      abort.abort();
      await running;
      running = null;
      for (const waiter of waiters) waiter.done();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReset: (listener) => {
      resetListeners.add(listener);
      return () => resetListeners.delete(listener);
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
