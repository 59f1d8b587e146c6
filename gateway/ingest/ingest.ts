import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { AlarmEvent, EventId } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { RepeatGuard } from '../repeat-guard.ts';
import { AlarmStream } from './alarm-stream.ts';
import { createDoor, type Door } from './door.ts';
import { createEventIds } from './event-ids.ts';
import type { JournalHealth } from './journal/health.ts';
import { Journal, type JournalOptions } from './journal/journal.ts';
import { lineageFile } from './lineage-file.ts';
import { LineageKeeper, type LineageChange } from './lineage-keeper.ts';
import { Outbox } from './outbox.ts';
import { RedisWatch } from './redis-watch.ts';

export type IngestOptions = {
  /** The gateway's data folder; ours in it are `journal/` and `redis-lineage.json`. */
  readonly dataDir: string;
  /** A connection of role `alarm`; its owner ends it, after `stop`. */
  readonly redis: Redis;
  readonly gatewayId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal?: Pick<JournalOptions, 'settings' | 'disk'>;
  /** See LineageKeeperOptions.restore; without it the journal alone is sent again. */
  readonly onLineageChanged?: (change: LineageChange) => Promise<void>;
  /** Each alarm once, when both its writes have begun; must not throw and returns at once. */
  readonly onSent?: (event: AlarmEvent) => void;
  /** An alarm that Redis did not take at the first attempt, called once for each; it may be durable or refused. */
  readonly onUndelivered?: (event: AlarmEvent) => void;
};

export type RedisHealth = {
  /** `degraded`: it answers, but its answers do not count as durable. */
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly detail: string;
  readonly isProven: boolean;
  /** Alarms in memory that Redis has not answered. */
  readonly waiting: number;
  /** The oldest of them, or `journal` while only that holds some; null when Redis has all. */
  readonly oldest: string | null;
  /** When it was last looked at. */
  readonly lastRunMonoMs: number | null;
};

export type Ingest = {
  readonly door: Door;
  readonly journal: {
    readonly unsettled: () => AsyncIterable<AlarmEvent>;
    readonly all: () => AsyncIterable<AlarmEvent>;
  };
  readonly ids: () => EventId;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  /** `canKeep`: whether an alarm can be made durable now. */
  readonly health: () => { readonly journal: JournalHealth; readonly redis: RedisHealth; readonly canKeep: boolean };
};

/** Puts the parts of the alarm's way in together. */
export function createIngest(options: IngestOptions): Ingest {
  const { dataDir, redis, gatewayId, clock, logger } = options;
  const journal = new Journal({ folder: join(dataDir, 'journal'), clock, logger, ...options.journal });
  const lines = new RepeatGuard(clock);

  const watch = new RedisWatch({ redis, logger, clock, onAnswering: () => void keepUp() });
  const stream = new AlarmStream(redis, () => watch.policy().isProven);
  const outbox = new Outbox({
    stream,
    journal,
    clock,
    logger,
    ...(options.onSent === undefined ? {} : { onSent: options.onSent }),
    ...(options.onUndelivered === undefined ? {} : { onUndelivered: options.onUndelivered }),
  });
  const lineage = new LineageKeeper({
    redis,
    file: lineageFile(join(dataDir, 'redis-lineage.json')),
    clock,
    logger,
    randomId: randomUUID,
    lastAnswered: () => stream.lastId(),
    forgetLastAnswered: () => stream.forgetLastId(),
    restore: options.onLineageChanged ?? (() => Promise.resolve()),
    sendAllAgain: () => outbox.sendAllAgain(),
  });
  const ids = createEventIds(clock);
  const door = createDoor({ journal, outbox, clock, ids, gatewayId, logger });

  async function keepUp(): Promise<void> {
    const looked = lineage.look().catch((error: unknown) => {
      if (lines.isNews(errorCode(error))) logger.error({ code: errorCode(error) }, 'redis lineage could not be read');
    });
    await Promise.all([looked, outbox.resume()]);
  }

  function redisHealth(): RedisHealth {
    const { isProven, reasons } = watch.policy();
    const { waiting, isBehind, oldest: inMemory } = outbox.backlog();
    const oldest = inMemory ?? (isBehind ? 'journal' : null);
    const known = { isProven, waiting, oldest, lastRunMonoMs: watch.lastRunMonoMs() };
    if (!watch.isAnswering()) return { status: 'failed', detail: 'does not answer', ...known };
    if (!isProven) return { status: 'degraded', detail: reasons.join('; '), ...known };
    if (lineage.isRestoring()) return { status: 'degraded', detail: 'is being filled again', ...known };
    return { status: 'ok', detail: 'answers are durable', ...known };
  }

  return {
    door,
    journal,
    ids,
    start: async () => {
      await journal.start();
      watch.start();
    },
    stop: async () => {
      watch.stop();
      await journal.stop();
    },
    health: () => {
      const health = { journal: journal.health(), redis: redisHealth() };
      const canKeep = health.journal.status !== 'failed' || (watch.isAnswering() && health.redis.isProven);
      return { ...health, canKeep };
    },
  };
}
