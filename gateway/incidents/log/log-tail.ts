import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { createTurns, type TurnsHealth } from '../../telemetry/turns.ts';
import { Board } from '../board.ts';
import { comparePositions, LOG_START, type LogPosition } from './log-position.ts';
import type { LogItem, LogReader } from './log-reader.ts';
import { faultWord } from '../store-silence.ts';
import type { IncidentRecord } from '../record.ts';
import type { IncidentStore } from '../store.ts';

const BLOCK_MS = 1000;
const PAUSE_AFTER_FAULT_MS = 200;
/** How often it is looked at whether the log is still the one that the board was made from. */
const LOOK_EVERY_MS = 1000;

/** While Redis is away: between two looks whether it still is. */
const HELD_PAUSE_MS = 50;
const MISSED_PAGE = 500;

/** A line as listeners get it; `id` is null for what this gateway did by itself while Redis is away. */
export type ToldItem = Omit<LogItem, 'id'> & { readonly id: LogPosition | null };
export type LogListener = (item: ToldItem) => void;

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
  /** Where the feed goes on without a gap; null while this gateway works by itself. */
  readonly asOf: () => LogPosition | null;
  /** Takes what this gateway did by itself: the board has it and listeners are told. */
  readonly takeLocal: (items: readonly ToldItem[]) => void;
  /** Begins with these incidents while Redis is away at start. */
  readonly beginLocal: (open: readonly IncidentRecord[]) => void;
  /**
   * Redis is back and has everything: makes the board anew, tells listeners what others did meanwhile (`own` are the ids of
   * what this gateway told Redis) and then those of `onRejoined`. Resume points of before are void.
   */
  readonly rejoin: (own: ReadonlySet<string>) => Promise<void>;
  readonly onRejoined: (listener: (asOf: LogPosition) => void) => () => void;
  /** Points before this one are of the time before this gateway worked by itself; null when it never did. */
  readonly voidBefore: () => LogPosition | null;
  /** Resolves when the board has taken the position, or after `timeoutMs`, whichever is first. */
  readonly reached: (position: LogPosition, timeoutMs: number) => Promise<void>;
  readonly health: () => TurnsHealth;
};

/** Follows the incident log and keeps the board; listeners are told each item once, in order. */
export function createLogTail(deps: {
  readonly reader: Pick<LogReader, 'readAfter' | 'newest' | 'holds' | 'page'>;
  /** Whether Redis is away, so that nothing is read and the board is this gateway's own. */
  readonly isHeld?: () => boolean;
  readonly store: Pick<IncidentStore, 'loadOpen'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}): LogTail {
  const { reader, store, clock, logger } = deps;
  const board = new Board();
  const listeners = new Set<LogListener>();
  const resetListeners = new Set<() => void>();
  const rejoinedListeners = new Set<(asOf: LogPosition) => void>();
  const isHeld = deps.isHeld ?? (() => false);
  let voidBefore: LogPosition | null = null;
  const waiters = new Set<{ readonly position: LogPosition; readonly done: () => void }>();
  let isStarted = false;
  let isLoaded = false;
  let rejoining: Promise<void> | null = null;
  let lookDueMonoMs = Number.NEGATIVE_INFINITY;
  /** A position taken before the last look; an entry that came after a loss would still be found. */
  let anchor: LogPosition = LOG_START;
  const turns = createTurns({
    turn,
    // Another server may answer next.
    onFault: () => {
      lookDueMonoMs = Number.NEGATIVE_INFINITY;
    },
    message: 'reading the incident log failed',
    faultWord,
    pauseAfterFaultMs: PAUSE_AFTER_FAULT_MS,
    pause: deps.pause,
    clock,
    logger,
  });

  /** False when Redis went away meanwhile: the board is this gateway's own then. */
  async function load(): Promise<boolean> {
    const asOf = await reader.newest();
    const open = await store.loadOpen();
    if (isHeld()) return false;
    board.reset(open, asOf);
    isLoaded = true;
    anchor = asOf;
    lookDueMonoMs = clock.monoMs() + LOOK_EVERY_MS;
    return true;
  }

  async function turn(): Promise<void> {
    if (isHeld() || rejoining !== null) return turns.pause(HELD_PAUSE_MS);
    if (!isLoaded) await reload();
    if (clock.monoMs() >= lookDueMonoMs) {
      const upTo = board.asOf();
      if (await reader.holds(anchor)) anchor = upTo;
      else await reload();
      lookDueMonoMs = clock.monoMs() + LOOK_EVERY_MS;
    }
    for (const item of await reader.readAfter(board.asOf(), BLOCK_MS)) if (!isHeld()) take(item);
  }

  async function reload(): Promise<void> {
    if (!(await load())) return;
    logger.warn({ incidents: board.open().length }, 'board made anew');
    for (const listener of resetListeners) tell(listener);
    releaseWaiters();
  }

  async function rejoin(own: ReadonlySet<string>): Promise<void> {
    const before = board.asOf();
    if (!(await load())) return;
    const asOf = board.asOf();
    voidBefore = asOf;
    await tellMissed(before, asOf, own);
    logger.warn({ incidents: board.open().length }, 'board made anew, redis is back');
    for (const listener of rejoinedListeners) tell(() => listener(asOf));
    releaseWaiters();
  }

  /** What others did while nothing was read; the board has it already. */
  async function tellMissed(before: LogPosition, upTo: LogPosition, own: ReadonlySet<string>): Promise<void> {
    if (before === LOG_START || !(await reader.holds(before))) return;
    let from = before;
    for (;;) {
      const page = await reader.page(from, MISSED_PAGE);
      for (const item of page) {
        if (comparePositions(item.id, upTo) > 0) return;
        from = item.id;
        if (!own.has(item.id)) for (const listener of listeners) tell(() => listener(item));
      }
      if (page.length < MISSED_PAGE) return;
    }
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
      if (isStarted) return;
      isStarted = true;
      if (isHeld()) return turns.start();
      isLoaded = false;
      await turns.start(async () => void (await load()));
    },
    stop: async () => {
      await turns.stop();
      isStarted = false;
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
    asOf: () => (isHeld() || rejoining !== null ? null : board.asOf()),
    takeLocal: (items) => {
      for (const item of items) {
        if (item.incident !== null) board.putLocal(item.incident);
        for (const listener of listeners) tell(() => listener(item));
      }
    },
    beginLocal: (open) => {
      board.reset(open, LOG_START);
      isLoaded = false;
    },
    rejoin: (own) => {
      rejoining ??= rejoin(own).finally(() => {
        rejoining = null;
      });
      return rejoining;
    },
    onRejoined: (listener) => {
      rejoinedListeners.add(listener);
      return () => rejoinedListeners.delete(listener);
    },
    voidBefore: () => voidBefore,
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
    health: turns.health,
  };
}
