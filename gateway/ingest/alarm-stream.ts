import type { AlarmEvent } from '../../devices/event.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { encodeEvent } from './event-json.ts';
import { maxStreamId } from './stream-id.ts';

/**
 * - `durable`: Redis has it on disk
 * - `unproven`: Redis has it, but nobody can say that it is on disk
 * - `silent`: no answer, or one that means "not now" (OOM MISCONF READONLY LOADING CLUSTERDOWN …); Redis may have it all the
 *   same. `code` is the first word of the answer, or `no-answer`, or `backlog` when too much is unanswered.
 */
export type StreamAnswer =
  | { readonly kind: 'durable' | 'unproven' }
  | { readonly kind: 'silent'; readonly code: string };

export type StreamRedis = {
  readonly xadd: (key: string, id: '*', field: string, value: string) => Promise<string | null>;
};

/** Bytes sent and not answered beyond which nothing more is sent; chosen. */
const MAX_IN_FLIGHT_BYTES = 16 * 1024 * 1024;

/** The alarms' way into Redis. */
export class AlarmStream {
  readonly #redis: StreamRedis;
  readonly #isProven: () => boolean;
  readonly #maxInFlightBytes: number;
  #inFlightBytes = 0;
  #lastId: string | null = null;

  /** `isProven` is asked when an answer comes: settings can change while a command is under way. */
  constructor(redis: StreamRedis, isProven: () => boolean, maxInFlightBytes: number = MAX_IN_FLIGHT_BYTES) {
    this.#redis = redis;
    this.#isProven = isProven;
    this.#maxInFlightBytes = maxInFlightBytes;
  }

  /** Never rejects. The connection's own time-out ends a wait for a server that does not answer. */
  async add(event: AlarmEvent): Promise<StreamAnswer> {
    const json = encodeEvent(event);
    if (this.#inFlightBytes + json.length > this.#maxInFlightBytes) return { kind: 'silent', code: 'backlog' };
    this.#inFlightBytes += json.length;
    try {
      const entryId = await this.#redis.xadd(REDIS_KEYS.alarms, '*', 'event', json);
      if (entryId === null) return { kind: 'silent', code: 'no-answer' };
      this.#lastId = maxStreamId(this.#lastId, entryId);
      return { kind: this.#isProven() ? 'durable' : 'unproven' };
    } catch (error) {
      return { kind: 'silent', code: silenceCode(error) };
    } finally {
      this.#inFlightBytes -= json.length;
    }
  }

  /** The highest entry id that Redis has answered with in this run; null before the first. */
  lastId(): string | null {
    return this.#lastId;
  }

  /** After Redis was replaced its ids may begin lower. */
  forgetLastId(): void {
    this.#lastId = null;
  }
}

/** An error that Redis answered with begins with a word in capitals; only that word may be logged. */
export function silenceCode(error: unknown): string {
  const word = error instanceof Error && error.name === 'ReplyError' ? /^[A-Z]+/.exec(error.message)?.[0] : undefined;
  return word ?? 'no-answer';
}
