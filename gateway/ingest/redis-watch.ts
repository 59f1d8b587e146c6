import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { checkPolicy, UNKNOWN_POLICY, type PolicyRedis, type RedisPolicy } from '../store/redis-policy.ts';

/** The alarm connection: whether it is up, and the server at its other end. */
export type WatchedRedis = PolicyRedis & {
  readonly status: string;
  readonly on: (event: 'ready' | 'close', listener: () => void) => unknown;
  readonly off: (event: 'ready' | 'close', listener: () => void) => unknown;
};

export type RedisWatchOptions = {
  readonly redis: WatchedRedis;
  readonly logger: Logger;
  /** Called at each reconnect and each second while Redis answers. */
  readonly onAnswering: () => void;
  readonly clock: Pick<Clock, 'monoMs'>;
};

/** Somebody may change a setting of a running server; so long an answer may be believed wrongly. Chosen. */
const LOOK_EVERY_MS = 1000;

/**
 * Knows whether an answer on the alarm connection proves that the data is on disk. Asks on that very connection, so that it
 * is the same server, and its answers stand in one order with those to the alarms.
 */
export class RedisWatch {
  readonly #options: RedisWatchOptions;
  readonly #ready = (): void => void this.#look();
  readonly #close = (): void => {
    this.#policy = UNKNOWN_POLICY;
    this.#isAnswering = false;
    this.#epoch += 1;
  };
  #policy: RedisPolicy = UNKNOWN_POLICY;
  #isAnswering = false;
  #isLooking = false;
  #epoch = 0;
  #lastRunMonoMs: number | null = null;
  #lookTimer: NodeJS.Timeout | null = null;

  constructor(options: RedisWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#lookTimer !== null) return;
    this.#options.redis.on('ready', this.#ready);
    this.#options.redis.on('close', this.#close);
    this.#lookTimer = setInterval(this.#ready, LOOK_EVERY_MS);
    void this.#look();
  }

  stop(): void {
    if (this.#lookTimer === null) return;
    clearInterval(this.#lookTimer);
    this.#lookTimer = null;
    this.#options.redis.off('ready', this.#ready);
    this.#options.redis.off('close', this.#close);
    this.#close();
  }

  policy(): RedisPolicy {
    return this.#policy;
  }

  isAnswering(): boolean {
    return this.#isAnswering;
  }

  /** When it last came to the end of a look, or found that there is no connection to look through. */
  lastRunMonoMs(): number | null {
    return this.#lastRunMonoMs;
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    if (this.#options.redis.status !== 'ready') {
      this.#lastRunMonoMs = this.#options.clock.monoMs();
      return;
    }
    this.#isLooking = true;
    const epoch = this.#epoch;
    try {
      const policy = await checkPolicy(this.#options.redis, this.#policy);
      // The connection closed meanwhile: this was said of a server that may be another now.
      if (epoch !== this.#epoch) return;
      this.#tellChange(policy);
      this.#policy = policy;
      this.#isAnswering = true;
      this.#options.onAnswering();
    } catch (error) {
      this.#options.logger.error({ code: errorCode(error) }, 'redis watch failed');
    } finally {
      this.#isLooking = false;
      this.#lastRunMonoMs = this.#options.clock.monoMs();
    }
    // A new connection came up while the old one was asked.
    if (epoch !== this.#epoch) await this.#look();
  }

  #tellChange(policy: RedisPolicy): void {
    if (policy.isProven === this.#policy.isProven && this.#policy !== UNKNOWN_POLICY) return;
    if (policy.isProven) this.#options.logger.info('redis answers count as durable');
    else this.#options.logger.warn({ reasons: policy.reasons }, 'redis answers do not count, the journal alone does');
  }
}
