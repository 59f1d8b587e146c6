import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { createEmbedded } from './embedded/embedded.ts';
import { createPool, takeLeave } from './store/postgres.ts';
import { connectRedis, type RedisRole } from './store/redis.ts';

export type Stores = {
  readonly databaseUrl: string;
  readonly pool: Pool;
  readonly redis: Readonly<Record<'alarm' | 'command' | 'dispatch' | 'feed', Redis>>;
  /** One connection more. */
  readonly connect: (role: RedisRole) => Redis;
  /** Resolves when every connection of `redis` is ready, or after the time: a gateway works without it, too. */
  readonly redisReady: (timeoutMs: number) => Promise<void>;
};

/**
 * Takes the data folder, starts the servers of our own where none are configured, and connects. What was begun is ended by
 * what `onStop` was given, in the opposite order.
 */
export async function openStores(deps: {
  readonly config: Config;
  readonly gatewayId: string;
  readonly ownerPid: number;
  readonly onStop: (stopPart: () => Promise<void> | void) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<Stores> {
  const { config, gatewayId, ownerPid, onStop, clock, logger } = deps;
  const { dataDir } = config;
  const embedded = createEmbedded({
    dataDir,
    logger,
    clock,
    ownerPid,
    postgres: config.databaseUrl === null,
    redis: config.redisUrl === null,
  });
  onStop(() => embedded.stop());
  const own = await embedded.start();
  const databaseUrl = config.databaseUrl ?? own.databaseUrl ?? '';
  const target = config.redisUrl ?? own.redisUrl ?? '';

  const pool = createPool({ databaseUrl, applicationName: `zhuji ${gatewayId}`, logger });
  onStop(() => takeLeave(pool));
  const connect = (role: RedisRole): Redis => {
    const redis = connectRedis({ target, role, gatewayId, logger });
    onStop(() => redis.disconnect());
    return redis;
  };
  const redis = {
    alarm: connect('alarm'),
    command: connect('command'),
    dispatch: connect('dispatch'),
    feed: connect('feed'),
  };
  return {
    databaseUrl,
    pool,
    redis,
    connect,
    redisReady: async (timeoutMs) => {
      await Promise.all(Object.values(redis).map((connection) => waitReady(connection, timeoutMs)));
    },
  };
}

async function waitReady(redis: Redis, timeoutMs: number): Promise<void> {
  if (redis.status === 'ready') return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveUpTimer = setTimeout(resolve, timeoutMs);
  redis.once('ready', resolve);
  await promise;
  clearTimeout(giveUpTimer);
}
