import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import { systemClock } from '../../../gateway/clock.ts';
import { decodeEvent } from '../../../gateway/ingest/event-json.ts';
import { createIngest, type Ingest, type IngestOptions } from '../../../gateway/ingest/ingest.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { afterwards } from '../../harness/cleanup.ts';
import type { ownRedis } from '../../harness/own-servers.ts';
import { until } from '../../harness/until.ts';

export type OwnRedis = Awaited<ReturnType<typeof ownRedis>>;

export const logger = pino({ level: 'silent' });

export async function startIngest(
  redisUrl: string,
  dataDir: string,
  options: Partial<IngestOptions> = {},
): Promise<Ingest> {
  const redis = connectRedis({ target: redisUrl, role: 'alarm', gatewayId: 'g1', logger });
  const ingest = createIngest({ dataDir, redis, gatewayId: 'g1', clock: systemClock, logger, ...options });
  afterwards(async () => {
    await ingest.stop();
    redis.disconnect();
  });
  await ingest.start();
  return ingest;
}

export function proven(ingest: Ingest): Promise<unknown> {
  return until(() => ingest.health().redis.isProven, { timeoutMs: 30_000, what: 'redis to be proven' });
}

/** Commands on a connection of the test's own. */
export async function withRedis<T>(redisUrl: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(redisUrl);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

export function streamIds(redis: OwnRedis): Promise<string[]> {
  return withRedis(redis.redisUrl, async (client) => {
    const entries = await client.xrange(REDIS_KEYS.alarms, '-', '+');
    return entries.map(([, fields]) => decodeEvent(fields[1] ?? '')?.id ?? 'unreadable');
  });
}

export async function idsOf(events: AsyncIterable<AlarmEvent>): Promise<string[]> {
  const ids: string[] = [];
  for await (const event of events) ids.push(event.id);
  return ids;
}

/** Whether it has settled after a time in which a working side would long have answered. */
export async function isPending(promise: Promise<unknown>, forMs = 700): Promise<boolean> {
  const late = Symbol('late');
  const first = await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, forMs, late))]);
  return first === late;
}
