import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { faultWord } from '../incidents/store-silence.ts';
import { createGroupReader, pagesAfter } from '../incidents/dispatch/group-reader.ts';
import type { StreamEntry } from '../incidents/dispatch/stream-group.ts';
import { createTurns, type TurnsHealth } from '../telemetry/turns.ts';
import type { Courier } from './courier.ts';
import { parseDraft, type Outbox } from './outbox.ts';

const BLOCK_MS = 500;
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
  readonly health: () => TurnsHealth;
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
  let holdDueMonoMs = Number.NEGATIVE_INFINITY;
  const reader = createGroupReader({
    group: outbox,
    take: takeAll,
    readOwn,
    takeOver,
    takeOverEveryMs: TAKE_OVER_AFTER_MS,
    clock,
  });
  const turns = createTurns({
    turn,
    onFault: reader.doubt,
    message: 'reading the outbox failed',
    faultWord,
    pauseAfterFaultMs: PAUSE_AFTER_FAULT_MS,
    pause: deps.pause,
    clock,
    logger,
  });

  async function turn(): Promise<void> {
    await reader.ensure();
    if (clock.monoMs() >= holdDueMonoMs) {
      await courier.hold();
      holdDueMonoMs = clock.monoMs() + HOLD_EVERY_MS;
    }
    await reader.readOwn();
    await reader.takeOver();
    if (courier.held() >= MAX_HELD) return turns.pause(BLOCK_MS);
    await reader.readNew(BLOCK_MS);
  }

  async function readOwn(): Promise<void> {
    for await (const entries of pagesAfter('0', outbox.readOwnPending)) await takeAll(entries);
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
    start: () => void turns.start(),
    stop: async () => {
      await turns.stop();
      reader.doubt();
    },
    health: turns.health,
  };
}
