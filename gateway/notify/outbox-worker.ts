import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { faultWord } from '../incidents/store-silence.ts';
import type { StreamEntry } from '../incidents/dispatch/stream-group.ts';
import type { Courier } from './courier.ts';
import { parseDraft, type Outbox } from './outbox.ts';

const BLOCK_MS = 500;
/** So much later than asked a blocking read may have been given up by the client; chosen, below its grace. */
const LATE_MS = 1000;
/** How often it is said which entries are being worked on; several times within the time of a take-over. Chosen. */
const HOLD_EVERY_MS = 1000;
/** Entries of a gateway that has not said so for this long are taken over (as in dispatch, design §4). */
export const TAKE_OVER_AFTER_MS = 5000;
const PAUSE_AFTER_FAULT_MS = 200;
/** Held at once; the rest waits in the outbox. Chosen: some megabytes. */
const MAX_HELD = 10_000;

export type OutboxWorker = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
};

/** Reads the outbox and hands what it reads to the courier; an entry stays pending until the courier has settled it. */
export function createOutboxWorker(deps: {
  readonly outbox: Outbox;
  readonly courier: Courier;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}): OutboxWorker {
  const { outbox, courier, clock, logger } = deps;
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;
  let isGroupSure = false;
  let isOwnRead = false;
  let holdDueMonoMs = Number.NEGATIVE_INFINITY;
  let takeOverDueMonoMs = Number.NEGATIVE_INFINITY;

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn(signal);
        lastRunMonoMs = clock.monoMs();
        lastFault = null;
      } catch (error) {
        // The group may be gone with all that Redis held; what was read and did not arrive is pending.
        isGroupSure = false;
        isOwnRead = false;
        if (signal.aborted) return;
        const fault = faultWord(error);
        if (fault !== lastFault) logger.warn({ code: fault }, 'reading the outbox failed');
        lastFault = fault;
        await deps.pause(PAUSE_AFTER_FAULT_MS, signal);
      }
    }
  }

  async function turn(signal: AbortSignal): Promise<void> {
    if (!isGroupSure) await outbox.ensure();
    isGroupSure = true;
    if (clock.monoMs() >= holdDueMonoMs) {
      await courier.hold();
      holdDueMonoMs = clock.monoMs() + HOLD_EVERY_MS;
    }
    if (!isOwnRead) await readOwn();
    isOwnRead = true;
    if (clock.monoMs() >= takeOverDueMonoMs) {
      takeOverDueMonoMs = clock.monoMs() + TAKE_OVER_AFTER_MS;
      await takeOver();
    }
    if (courier.held() >= MAX_HELD) return deps.pause(BLOCK_MS, signal);
    const lateMonoMs = clock.monoMs() + BLOCK_MS + LATE_MS;
    await takeAll(await outbox.readNew(BLOCK_MS));
    // This process stood still meanwhile: Redis may have answered a read that was given up here.
    if (clock.monoMs() > lateMonoMs) isOwnRead = false;
  }

  async function readOwn(): Promise<void> {
    let after = '0';
    for (;;) {
      const entries = await outbox.readOwnPending(after);
      const last = entries.at(-1);
      if (last === undefined) return;
      await takeAll(entries);
      after = last.id;
    }
  }

  async function takeOver(): Promise<void> {
    let cursor: string | null = '0-0';
    while (cursor !== null) {
      const page = await outbox.takeOver(TAKE_OVER_AFTER_MS, cursor);
      await takeAll(page.entries);
      cursor = page.next;
    }
  }

  async function takeAll(entries: readonly StreamEntry[]): Promise<void> {
    for (const { id, text } of entries) {
      const draft = parseDraft(text);
      if (draft !== null) courier.take(id, draft);
      else {
        logger.error({ streamId: id }, 'an entry of the outbox is no notification');
        await outbox.settle(id);
      }
    }
  }

  return {
    start: () => {
      if (running !== null) return;
      abort = new AbortController();
      isGroupSure = false;
      isOwnRead = false;
      running = loop(abort.signal);
    },
    stop: async () => {
      abort.abort();
      await running;
      running = null;
    },
    health: () => ({ lastRunMonoMs, lastFault }),
  };
}
