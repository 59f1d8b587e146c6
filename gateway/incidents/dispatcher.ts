import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { AlarmEvent } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import type { AlarmDecider } from './decide.ts';
import { DISPATCH_GROUP, INCIDENT_KEYS } from './keys.ts';

const BATCH = 64;
const BLOCK_MS = 1000;
/** Entries of a consumer that has not answered for this long are taken over (design §4 Dispatch). */
const CLAIM_IDLE_MS = 5000;
const MAX_ATTEMPTS = 3;
const PAUSE_AFTER_FAULT_MS = 200;

type StreamEntry = readonly [id: string, fields: readonly string[]];

export type Dispatcher = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly health: () => { readonly lastRunMonoMs: number | null; readonly lastFault: string | null };
};

/**
 * Takes alarms off the stream and decides each exactly once. `reader` is a connection of its own, because it blocks;
 * `redis` is the one for everything else. An entry stays pending until the script that decides it acknowledges it.
 */
export function createDispatcher(deps: {
  readonly reader: Redis;
  readonly redis: Redis;
  readonly alarmStream: string;
  readonly consumer: string;
  readonly decide: AlarmDecider;
  /** What is made of an entry that could not be decided three times; must not fail for the reason that the entry did. */
  readonly giveUp: (streamId: string, text: string | null) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}): Dispatcher {
  const { reader, redis, alarmStream, consumer, clock, logger } = deps;
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;
  let lastClaimMonoMs = Number.NEGATIVE_INFINITY;
  let isOwnPendingRead = false;

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await turn();
        lastRunMonoMs = clock.monoMs();
        lastFault = null;
      } catch (error) {
        if (signal.aborted) return;
        lastFault = error instanceof Error ? error.message.slice(0, 80) : 'unknown';
        isOwnPendingRead = false;
        if (lastFault.startsWith('NOGROUP')) await ensureGroup().catch((fault: unknown) => logFault(fault));
        else logFault(error);
        await deps.pause(PAUSE_AFTER_FAULT_MS, signal);
      }
    }
  }

  function logFault(error: unknown): void {
    logger.warn({ err: error }, 'dispatch turn failed');
  }

  async function turn(): Promise<void> {
    if (!isOwnPendingRead) {
      await ensureGroup();
      await takeOwnPending();
      isOwnPendingRead = true;
    }
    if (clock.monoMs() - lastClaimMonoMs >= CLAIM_IDLE_MS) {
      lastClaimMonoMs = clock.monoMs();
      await takeOver();
    }
    await handleBatch(await read('>'), false);
  }

  async function read(from: string): Promise<readonly StreamEntry[]> {
    const answer = (await reader.xreadgroup(
      'GROUP',
      DISPATCH_GROUP,
      consumer,
      'COUNT',
      BATCH,
      'BLOCK',
      BLOCK_MS,
      'STREAMS',
      alarmStream,
      from,
    )) as readonly (readonly [string, readonly StreamEntry[]])[] | null;
    return answer?.[0]?.[1] ?? [];
  }

  /** A consumer that starts again first takes what it had read and not decided. */
  async function takeOwnPending(): Promise<void> {
    let from = '0';
    for (;;) {
      const entries = await read(from);
      const last = entries.at(-1);
      if (last === undefined) return;
      await handleBatch(entries, true);
      from = last[0];
    }
  }

  async function takeOver(): Promise<void> {
    let cursor = '0-0';
    do {
      const answer = (await redis.xautoclaim(
        alarmStream,
        DISPATCH_GROUP,
        consumer,
        CLAIM_IDLE_MS,
        cursor,
        'COUNT',
        BATCH,
      )) as [string, StreamEntry[]];
      cursor = answer[0];
      await handleBatch(answer[1], true);
    } while (cursor !== '0-0');
  }

  /** Entries of one device in their order, devices side by side. */
  async function handleBatch(entries: readonly StreamEntry[], isRetry: boolean): Promise<void> {
    const lines = Map.groupBy(entries, ([, fields]) => deviceOf(fields));
    const results = await Promise.allSettled(
      [...lines.values()].map(async (line) => {
        for (const entry of line) await handle(entry, isRetry);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async function handle([id, fields]: StreamEntry, isRetry: boolean): Promise<void> {
    const text = fieldOf(fields, 'event');
    const attempts = isRetry ? await redis.hincrby(INCIDENT_KEYS.attempts, id, 1) : 0;
    if (text === null || attempts > MAX_ATTEMPTS) return giveUp(id, text);
    let event: AlarmEvent;
    try {
      event = JSON.parse(text) as AlarmEvent;
    } catch {
      return giveUp(id, text);
    }
    const decided = await deps.decide(event, id);
    if (isRetry) await redis.hdel(INCIDENT_KEYS.attempts, id);
    logger.info(
      { alarmId: event.id, deviceId: event.deviceId, incidentId: decided.incidentId, verdict: decided.verdict },
      'alarm decided',
    );
  }

  async function giveUp(id: string, text: string | null): Promise<void> {
    logger.error({ streamId: id }, 'alarm could not be processed');
    await deps.giveUp(id, text);
    await redis.hdel(INCIDENT_KEYS.attempts, id);
  }

  /** From `0`, so that what came before the group existed is dispatched too. */
  async function ensureGroup(): Promise<void> {
    try {
      await redis.xgroup('CREATE', alarmStream, DISPATCH_GROUP, '0', 'MKSTREAM');
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
    }
  }

  return {
    start: () => {
      if (running !== null) return;
      abort = new AbortController();
      isOwnPendingRead = false;
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

function fieldOf(fields: readonly string[] | null, name: string): string | null {
  const at = fields?.indexOf(name) ?? -1;
  return at === -1 ? null : (fields?.[at + 1] ?? null);
}

const DEVICE_FIELD = /"deviceId":"([^"]*)"/;

/** Only to keep one device's alarms in order; a wrong guess costs order, never an alarm. */
function deviceOf(fields: readonly string[] | null): string {
  return DEVICE_FIELD.exec(fieldOf(fields, 'event') ?? '')?.[1] ?? '';
}
