import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { decodeEvent } from '../ingest/event-json.ts';
import type { AlarmEntry, AlarmGroup } from './alarm-group.ts';
import type { AlarmDecider } from './decide.ts';
import { faultWord, StoreSilentError } from './store-silence.ts';

const BLOCK_MS = 1000;
/** So much later than asked a blocking read may have been given up by the client (store/redis.ts); chosen, below its grace. */
const LATE_MS = 1000;
/** Entries of a consumer that has not answered for this long are taken over (design §4 Dispatch). */
const TAKE_OVER_AFTER_MS = 5000;
const MAX_ATTEMPTS = 3;
/** Between two attempts at one entry, and after a turn that failed. */
const PAUSE_MS = 200;
const TRIM_EVERY_MS = 60 * 60 * 1000;
/** A stream entry stays for a day at least: to look at, and for a Redis that was set back. Chosen. */
const TRIM_MIN_AGE_MS = 24 * 60 * 60 * 1000;

export type Dispatcher = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
};

/**
 * Takes alarms off the stream and decides each exactly once. An entry stays pending until the script that decides it
 * acknowledges it. Entries wait for nobody: one that cannot be decided is tried again beside the others, and given up after
 * three attempts. Only what is the entry's own fault counts as an attempt, not that Redis was silent.
 */
export function createDispatcher(deps: {
  readonly group: AlarmGroup;
  readonly decide: AlarmDecider;
  /** What is made of an entry that could not be decided; must not fail for the reason that the entry did. */
  readonly giveUp: (streamId: string, text: string | null) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly takeOverAfterMs?: number;
}): Dispatcher {
  const { group, clock, logger } = deps;
  const takeOverAfterMs = deps.takeOverAfterMs ?? TAKE_OVER_AFTER_MS;
  const attempts = new Map<string, number>();
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;
  let isGroupSure = false;
  /** When this consumer's own pending entries are read again; at start at once. */
  let ownDueMonoMs = Number.NEGATIVE_INFINITY;
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
        ownDueMonoMs = Number.NEGATIVE_INFINITY;
        if (signal.aborted) return;
        const fault = faultWord(error);
        if (fault !== lastFault) logger.warn({ code: fault }, 'dispatch turn failed');
        lastFault = fault;
        await deps.pause(PAUSE_MS, signal);
      }
    }
  }

  async function turn(): Promise<void> {
    if (!isGroupSure) await group.ensure();
    isGroupSure = true;
    if (clock.monoMs() >= ownDueMonoMs) {
      ownDueMonoMs = Number.POSITIVE_INFINITY;
      await handleOwnPending();
    }
    if (clock.monoMs() >= takeOverDueMonoMs) {
      takeOverDueMonoMs = clock.monoMs() + takeOverAfterMs;
      await takeOver();
    }
    if (clock.monoMs() >= trimDueMonoMs) {
      trimDueMonoMs = clock.monoMs() + TRIM_EVERY_MS;
      await trim();
    }
    const nextMonoMs = Math.min(ownDueMonoMs, takeOverDueMonoMs);
    const blockMs = Math.min(BLOCK_MS, Math.ceil(nextMonoMs - clock.monoMs()));
    const lateMonoMs = clock.monoMs() + blockMs + LATE_MS;
    await handleBatch(await group.readNew(blockMs));
    // This process stood still meanwhile: the read was given up here, but Redis may have answered it with alarms.
    if (clock.monoMs() > lateMonoMs) ownDueMonoMs = Number.NEGATIVE_INFINITY;
  }

  async function handleOwnPending(): Promise<void> {
    let after = '0';
    for (;;) {
      const entries = await group.readOwnPending(after);
      const last = entries.at(-1);
      if (last === undefined) return;
      await handleBatch(entries);
      after = last.id;
    }
  }

  async function takeOver(): Promise<void> {
    let cursor: string | null = '0-0';
    while (cursor !== null) {
      const page = await group.takeOver(takeOverAfterMs, cursor);
      if (page.entries.length > 0)
        logger.warn({ entries: page.entries.length }, 'alarms of a silent consumer taken over');
      await handleBatch(page.entries);
      cursor = page.next;
    }
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

  /** Entries of one device in their order, devices side by side. Rejects only while the store is silent. */
  async function handleBatch(entries: readonly AlarmEntry[]): Promise<void> {
    const lines = Map.groupBy(entries, ({ text }) => deviceOf(text));
    const results = await Promise.allSettled(
      [...lines.values()].map(async (line) => {
        for (const entry of line) await handle(entry);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async function handle(entry: AlarmEntry): Promise<void> {
    try {
      if (!(await decide(entry))) await giveUp(entry);
      attempts.delete(entry.id);
    } catch (error) {
      if (error instanceof StoreSilentError) throw error;
      const attempt = (attempts.get(entry.id) ?? 0) + 1;
      attempts.set(entry.id, attempt);
      logger.error({ err: error, streamId: entry.id, attempt }, 'alarm could not be decided');
      ownDueMonoMs = Math.min(ownDueMonoMs, clock.monoMs() + PAUSE_MS);
    }
  }

  /** False when there is nothing that could be decided, or it was tried often enough. */
  async function decide({ id, text }: AlarmEntry): Promise<boolean> {
    const event = text === null ? null : decodeEvent(text);
    if (event === null || (attempts.get(id) ?? 0) >= MAX_ATTEMPTS) return false;
    const { incidentId, verdict } = await deps.decide(event, id);
    logger.info({ alarmId: event.id, deviceId: event.deviceId, incidentId, verdict }, 'alarm decided');
    return true;
  }

  async function giveUp({ id, text }: AlarmEntry): Promise<void> {
    logger.error({ streamId: id }, 'alarm could not be processed');
    await deps.giveUp(id, text);
  }

  return {
    start: () => {
      if (running !== null) return;
      abort = new AbortController();
      isGroupSure = false;
      ownDueMonoMs = Number.NEGATIVE_INFINITY;
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

const DEVICE_FIELD = /"deviceId":"([^"]*)"/;

/** Only to keep one device's alarms in order; a wrong guess costs order, never an alarm. */
function deviceOf(text: string | null): string {
  return DEVICE_FIELD.exec(text ?? '')?.[1] ?? '';
}
