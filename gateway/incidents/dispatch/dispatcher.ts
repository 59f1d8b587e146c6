import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { decodeEvent } from '../../ingest/event-json.ts';
import { createTurns, type TurnsHealth } from '../../telemetry/turns.ts';
import type { AlarmEntry, AlarmGroup } from './alarm-group.ts';
import type { AlarmDecider } from '../decide.ts';
import { DispatchLines, type InHand } from './dispatch-lines.ts';
import { createGroupReader, pagesAfter } from './group-reader.ts';
import { createHandler, isSuspect } from './handle-alarm.ts';
import { faultWord, StoreSilentError } from '../store-silence.ts';

const BLOCK_MS = 1000;
/** The same while a line has left entries in the stream: it is to be refilled as soon as it has room. */
const BLOCK_WHILE_LEFT_MS = 50;
/** Entries of a consumer that has been silent for this long are taken over (design §4 Dispatch). */
const TAKE_OVER_AFTER_MS = 5000;
/** Looks for them in that time; each also says that this consumer is there. Chosen. */
const LOOKS = 4;
/** After a turn that failed, and while nothing may be decided. */
const PAUSE_MS = 200;
const TRIM_EVERY_MS = 60 * 60 * 1000;
/** A stream entry stays for a day at least: to look at, and for a Redis that was set back. Chosen. */
const TRIM_MIN_AGE_MS = 24 * 60 * 60 * 1000;

export type Dispatcher = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** `lastRunMonoMs` stands still also while one decision does not come to its end. */
  readonly health: () => TurnsHealth;
};

/**
 * Takes alarms off the stream and decides each exactly once. An entry stays pending until the script that decides it
 * acknowledges it. Entries wait only for those of their own sender: reading goes on while others are decided.
 */
export function createDispatcher(deps: {
  readonly group: AlarmGroup;
  readonly decide: AlarmDecider;
  /** What is made of an entry that could not be decided; must not fail for the reason that the entry did. */
  readonly giveUp: (streamId: string, text: string | null, isDeadly: boolean) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly takeOverAfterMs?: number;
  /** Nothing may be decided in Redis now: it is away, or is being told what was done without it. */
  readonly isHeld?: () => boolean;
}): Dispatcher {
  const { group, clock, logger } = deps;
  const takeOverAfterMs = deps.takeOverAfterMs ?? TAKE_OVER_AFTER_MS;
  const isHeld = deps.isHeld ?? (() => false);
  const handler = createHandler(deps);
  const lines = new DispatchLines({
    handle: async (inHand) => {
      if (isHeld()) throw new StoreSilentError('held', null);
      return handler.handle(inHand);
    },
    monoMs: () => clock.monoMs(),
    pause: (ms) => turns.pause(ms),
  });
  const reader = createGroupReader({
    group,
    take,
    readOwn: async () => {
      await takeOwnPending('0');
      isCounted = true;
    },
    takeOver,
    takeOverEveryMs: takeOverAfterMs / LOOKS,
    clock,
  });
  const turns = createTurns({
    turn,
    onFault: forgetInHand,
    message: 'dispatch turn failed',
    faultWord,
    pauseAfterFaultMs: PAUSE_MS,
    pause: deps.pause,
    clock,
    logger,
  });
  /** Own pending entries have been read once since this process began, which counts as a delivery. */
  let isCounted = false;
  let isStarted = false;
  let trimDueMonoMs = Number.NEGATIVE_INFINITY;

  async function turn(): Promise<void> {
    if (isHeld()) return hold();
    throwFault();
    await reader.ensure();
    await reader.readOwn();
    // After a fault one decision shows whether it is over.
    if (turns.health().lastFault !== null) await lines.progress();
    const after = lines.beginRefill();
    if (after !== null) await takeOwnPending(after);
    await reader.takeOver();
    if (clock.monoMs() >= trimDueMonoMs) {
      trimDueMonoMs = clock.monoMs() + TRIM_EVERY_MS;
      await trim();
    }
    if (lines.hasRoom()) await takeNew();
    else await lines.progress();
    throwFault();
  }

  async function hold(): Promise<void> {
    await forgetInHand();
    await turns.pause(PAUSE_MS);
  }

  /** Whatever was read and not decided is read again: it may be decided by then. */
  async function forgetInHand(): Promise<void> {
    reader.doubt();
    await lines.drop();
  }

  async function takeNew(): Promise<void> {
    const blockMs = lines.hasLeft() ? BLOCK_WHILE_LEFT_MS : BLOCK_MS;
    await reader.readNew(Math.min(blockMs, reader.untilTakeOverMs()));
  }

  function throwFault(): void {
    const fault = lines.fault();
    if (fault !== null) throw fault.error;
  }

  function take(entries: readonly AlarmEntry[]): void {
    for (const entry of entries) lines.take(read(entry));
  }

  /** From the beginning all of it, else until the lines that are being refilled are full. */
  async function takeOwnPending(from: string): Promise<void> {
    const readPage = isCounted ? group.readPending : group.readPendingAnew;
    for await (const entries of pagesAfter(from, readPage)) {
      take(entries);
      if (from !== '0' && !lines.isRefilling()) return;
      await waitForRoom();
    }
    lines.endRefill();
  }

  async function takeOver(): Promise<void> {
    for (;;) {
      const entries = await group.takeOver(takeOverAfterMs);
      if (entries.length === 0) return;
      logger.warn({ entries: entries.length }, 'alarms of a silent consumer taken over');
      take(entries);
      await waitForRoom();
    }
  }

  async function waitForRoom(): Promise<void> {
    while (!lines.hasRoom() && lines.fault() === null) {
      await lines.progress();
      // A long backlog is no standing still: each decision is a sign of life.
      turns.getsOn();
    }
    throwFault();
  }

  /** Trimming is housekeeping: its failure holds nothing up. */
  async function trim(): Promise<void> {
    try {
      const removed = await group.trim(TRIM_MIN_AGE_MS);
      if (removed > 0) logger.info({ removed }, 'alarm stream trimmed');
    } catch (error) {
      logger.warn({ code: faultWord(error) }, 'alarm stream could not be trimmed');
    }
  }

  return {
    start: () => {
      isStarted = true;
      void turns.start();
    },
    stop: async () => {
      await turns.stop();
      await forgetInHand();
      if (isStarted) await handler.forgetOpenTries();
      isStarted = false;
    },
    health: () => {
      const { lastRunMonoMs, lastFault } = turns.health();
      const busySince = lines.busySinceMonoMs();
      const isBehind = busySince !== null && lastRunMonoMs !== null && busySince < lastRunMonoMs;
      return { lastRunMonoMs: isBehind ? busySince : lastRunMonoMs, lastFault };
    },
  };
}

/** Nobody looks into a suspect before its turn: what ends a process may end it there. */
function read(entry: AlarmEntry): InHand {
  if (isSuspect(entry)) return { entry, event: null, isSuspect: true };
  return { entry, event: entry.text === null ? null : decodeEvent(entry.text), isSuspect: false };
}
