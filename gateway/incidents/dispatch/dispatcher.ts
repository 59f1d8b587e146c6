import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { decodeEvent } from '../../ingest/event-json.ts';
import type { AlarmEntry, AlarmGroup } from './alarm-group.ts';
import type { AlarmDecider } from '../decide.ts';
import { DispatchLines, type InHand } from './dispatch-lines.ts';
import { createHandler, isSuspect } from './handle-alarm.ts';
import { faultWord, StoreSilentError } from '../store-silence.ts';

const BLOCK_MS = 1000;
/** The same while a line has left entries in the stream: it is to be refilled as soon as it has room. */
const BLOCK_WHILE_LEFT_MS = 50;
/** So much later than asked a blocking read may have been given up by the client (store/redis.ts); chosen, below its grace. */
const LATE_MS = 1000;
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
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
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
    pause: (ms) => deps.pause(ms, abort.signal),
  });
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;
  let isGroupSure = false;
  /** This consumer's own pending entries are to be read: at start, after a fault, after this process stood still. */
  let isOwnDue = true;
  /** They have been read once since this process began, which counts as a delivery. */
  let isCounted = false;
  let takeOverDueMonoMs = Number.NEGATIVE_INFINITY;
  let trimDueMonoMs = Number.NEGATIVE_INFINITY;

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn();
        lastRunMonoMs = clock.monoMs();
        lastFault = null;
      } catch (error) {
        // Whatever was read and not decided is read again; the group may be gone with all that Redis held.
        isGroupSure = false;
        isOwnDue = true;
        await lines.drop();
        if (signal.aborted) return;
        const fault = faultWord(error);
        if (fault !== lastFault) logger.warn({ code: fault }, 'dispatch turn failed');
        lastFault = fault;
        await deps.pause(PAUSE_MS, signal);
      }
    }
  }

  async function turn(): Promise<void> {
    if (isHeld()) return hold();
    throwFault();
    if (!isGroupSure) await group.ensure();
    isGroupSure = true;
    if (isOwnDue) {
      await takeOwnPending('0');
      isOwnDue = false;
      isCounted = true;
    }
    // After a fault one decision shows whether it is over.
    if (lastFault !== null) await lines.progress();
    const after = lines.beginRefill();
    if (after !== null) await takeOwnPending(after);
    if (clock.monoMs() >= takeOverDueMonoMs) {
      takeOverDueMonoMs = clock.monoMs() + takeOverAfterMs / LOOKS;
      await takeOver();
    }
    if (clock.monoMs() >= trimDueMonoMs) {
      trimDueMonoMs = clock.monoMs() + TRIM_EVERY_MS;
      await trim();
    }
    if (lines.hasRoom()) await takeNew();
    else await lines.progress();
    throwFault();
  }

  /** What is in hand is read again afterwards: it may be decided by then. */
  async function hold(): Promise<void> {
    await lines.drop();
    [isGroupSure, isOwnDue] = [false, true];
    await deps.pause(PAUSE_MS, abort.signal);
  }

  async function takeNew(): Promise<void> {
    const untilTakeOverMs = Math.ceil(takeOverDueMonoMs - clock.monoMs());
    const blockMs = Math.min(lines.hasLeft() ? BLOCK_WHILE_LEFT_MS : BLOCK_MS, untilTakeOverMs);
    const lateMonoMs = clock.monoMs() + blockMs + LATE_MS;
    take(await group.readNew(blockMs));
    // This process stood still meanwhile: the read was given up here, but Redis may have answered it with alarms.
    if (clock.monoMs() > lateMonoMs) isOwnDue = true;
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
    let after = from;
    for (;;) {
      const entries = isCounted ? await group.readPending(after) : await group.readPendingAnew(after);
      const last = entries.at(-1);
      if (last === undefined) return lines.endRefill();
      take(entries);
      if (from !== '0' && !lines.isRefilling()) return;
      after = last.id;
      await waitForRoom();
    }
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
      lastRunMonoMs = clock.monoMs();
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
      if (running !== null) return;
      abort = new AbortController();
      isGroupSure = false;
      isOwnDue = true;
      running = loop(abort.signal);
    },
    stop: async () => {
      abort.abort();
      await running;
      await lines.drop();
      if (running !== null) await handler.forgetOpenTries();
      running = null;
    },
    health: () => {
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
