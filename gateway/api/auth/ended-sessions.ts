import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import { coalesce } from '../../registry/coalesce.ts';
import { redisKey } from '../../store/keys.ts';

/** What this needs of a Redis client. */
export type EndedRedis = {
  readonly zadd: (key: string, endsAtMs: number, sessionId: string) => Promise<unknown>;
  readonly zrangebyscore: (key: string, min: number, max: '+inf', scores: 'WITHSCORES') => Promise<string[]>;
  readonly zremrangebyscore: (key: string, min: '-inf', max: number) => Promise<unknown>;
};

/** Sorted set of session id → when the session would have ended by its time, epoch milliseconds. */
export const ENDED_KEY = redisKey('ended-sessions');

/** How soon another gateway knows of a log-out (chosen). */
const TICK_MS = 2000;

/**
 * Sessions that somebody logged out of before their time. A token is valid by its signature alone, so those that count no
 * longer are remembered: here at once, and in Redis for other gateways and for the next start. While Redis is away a
 * log-out counts here, and is told as soon as it is back.
 */
export class EndedSessions {
  readonly #redis: EndedRedis;
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #logger: Logger;
  readonly #endsAt = new Map<string, number>();
  readonly #untold = new Map<string, number>();
  readonly #synchronise: () => Promise<void>;
  #tickTimer: NodeJS.Timeout | undefined;
  #isReached = true;

  constructor(redis: EndedRedis, clock: Pick<Clock, 'nowMs'>, logger: Logger) {
    this.#redis = redis;
    this.#clock = clock;
    this.#logger = logger;
    this.#synchronise = coalesce(() => this.#run());
  }

  has(sessionId: string): boolean {
    return this.#endsAt.has(sessionId);
  }

  /** Counts at once; resolves when Redis knows or could not be told now. */
  async end(sessionId: string, endsAtMs: number): Promise<void> {
    this.#endsAt.set(sessionId, endsAtMs);
    this.#untold.set(sessionId, endsAtMs);
    await this.#synchronise();
  }

  /** Resolves when the first look at Redis is done, whether it answered or not. */
  async start(): Promise<void> {
    if (this.#tickTimer !== undefined) return;
    this.#tickTimer = setInterval(() => void this.#synchronise(), TICK_MS);
    await this.#synchronise();
  }

  stop(): void {
    clearInterval(this.#tickTimer);
    this.#tickTimer = undefined;
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    try {
      for (const [sessionId, endsAtMs] of [...this.#untold]) {
        await this.#redis.zadd(ENDED_KEY, endsAtMs, sessionId);
        this.#untold.delete(sessionId);
      }
      await this.#redis.zremrangebyscore(ENDED_KEY, '-inf', nowMs);
      const found = await this.#redis.zrangebyscore(ENDED_KEY, nowMs, '+inf', 'WITHSCORES');
      const shared = new Map<string, number>();
      for (let n = 0; n + 1 < found.length; n += 2) shared.set(found[n] ?? '', Number(found[n + 1]));
      // A Redis that came back empty is told again.
      for (const [sessionId, endsAtMs] of this.#endsAt) {
        if (endsAtMs > nowMs && !shared.has(sessionId)) this.#untold.set(sessionId, endsAtMs);
      }
      for (const [sessionId, endsAtMs] of shared) this.#endsAt.set(sessionId, endsAtMs);
      this.#isReached = true;
    } catch (error) {
      if (this.#isReached) this.#logger.warn({ code: errorCode(error) }, 'ended sessions are not shared now');
      this.#isReached = false;
    }
    for (const [sessionId, endsAtMs] of this.#endsAt) if (endsAtMs <= nowMs) this.#endsAt.delete(sessionId);
  }
}
