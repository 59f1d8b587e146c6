import { Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';
import { errorCode } from '../errors.ts';

/**
 * What a connection is for; each purpose has its own, so that none waits behind another.
 * - `alarm`: XADD of alarms and the checks on this server; nothing else
 * - `dispatch`, `feed`, `outbox`: blocking reads of streams
 * - `command`: scripts, reads and writes of everything else
 */
export type RedisRole = 'alarm' | 'dispatch' | 'feed' | 'outbox' | 'command';

/** A server that owes an answer for so long is taken for gone: the connection is dropped and made again; chosen. */
const SILENT_AFTER_MS = 2000;
/**
 * The same for blocking reads, which block for one second at most. The library's `blockingTimeout` will not do: it answers
 * such a read itself, as if nothing had come, and keeps the connection, so that one whose packets a network swallows
 * stays deaf for ever.
 */
const BLOCKING_SILENT_AFTER_MS = 1000 + SILENT_AFTER_MS;
/** Longest wait between two attempts to connect; chosen, short because alarms wait. */
const RECONNECT_MAX_MS = 1000;

/**
 * No connection queues while it is down and none sends again by itself: a command fails at once and its caller decides. The
 * default of the library would append an alarm twice, and apply a claim long after its operator was told that it failed.
 * `maxRetriesPerRequest: 0` is needed beside it: else a command that was under way when the connection dropped never ends.
 */
const COMMON = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 5000,
  retryStrategy: (attempt: number): number => Math.min(RECONNECT_MAX_MS, 50 * 2 ** Math.min(attempt, 5)),
  // A replica that was a primary: the name may lead elsewhere now.
  reconnectOnError: (error: Error): boolean => error.message.startsWith('READONLY'),
} as const satisfies RedisOptions;

const BY_ROLE = {
  alarm: { socketTimeout: SILENT_AFTER_MS },
  dispatch: { socketTimeout: BLOCKING_SILENT_AFTER_MS },
  feed: { socketTimeout: BLOCKING_SILENT_AFTER_MS },
  outbox: { socketTimeout: BLOCKING_SILENT_AFTER_MS },
  command: { socketTimeout: SILENT_AFTER_MS },
} as const satisfies Record<RedisRole, RedisOptions>;

export type ConnectOptions = {
  /** `redis://…`, `rediss://…` (TLS) or the path of a unix socket. */
  readonly target: string;
  readonly role: RedisRole;
  /** Shown by CLIENT LIST beside the role. */
  readonly gatewayId: string;
  readonly logger: Logger;
};

/** Begins to connect at once and goes on trying; end it with `disconnect()`. Commands fail while it is not `ready`. */
export function connectRedis(options: ConnectOptions): Redis {
  const redis = new Redis(cleanTarget(options.target), {
    ...COMMON,
    ...BY_ROLE[options.role],
    connectionName: `zhuji:${options.role}:${options.gatewayId}`,
  });
  const log = options.logger.child({ role: options.role });
  let isDown = false;
  redis.on('error', (error: unknown) => {
    // Once for each time it goes away: it is tried again every second.
    if (!isDown) log.warn({ code: errorCode(error) }, 'redis connection failed');
    isDown = true;
  });
  redis.on('ready', () => {
    isDown = false;
    log.info('redis connection ready');
  });
  return redis;
}

/** The library lets the query of a URL override every option; only the database and the address family may be said there. */
export function cleanTarget(target: string): string {
  const [base = '', query = ''] = target.split('?', 2);
  const kept = new URLSearchParams();
  for (const [name, value] of new URLSearchParams(query)) {
    if (name === 'db' || name === 'family') kept.set(name, value);
  }
  return kept.size === 0 ? base : `${base}?${kept.toString()}`;
}
