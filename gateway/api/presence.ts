import type { Clock } from '../clock.ts';
import type { Duty, DutyStatus } from './contract/session.ts';
import { formatIso } from '../clock.ts';

/** What this needs of a Redis client. */
export type PresenceRedis = {
  readonly hset: (key: string, field: string, value: string) => Promise<unknown>;
  readonly hget: (key: string, field: string) => Promise<string | null>;
};

/** Hash of user id → epoch milliseconds of the person's last heartbeat, by the gateway's clock. */
export const PRESENCE_KEY = '{zj}:presence';
/** Hash of user id → `{"on","sound"}`. */
export const DUTY_KEY = '{zj}:duty';

const OFF: Duty = { on: false, sound: false };

/**
 * Who is there and who is on duty. Presence is a person's, not a console's: any console of theirs keeps it. Kept in Redis,
 * so that every gateway and a restarted one know it.
 */
export class Presence {
  readonly #redis: PresenceRedis;
  readonly #clock: Pick<Clock, 'nowMs'>;

  constructor(redis: PresenceRedis, clock: Pick<Clock, 'nowMs'>) {
    this.#redis = redis;
    this.#clock = clock;
  }

  async heartbeat(userId: string): Promise<DutyStatus> {
    await this.#redis.hset(PRESENCE_KEY, userId, String(this.#clock.nowMs()));
    return this.status(userId);
  }

  /** Setting duty is a sign of life too. */
  async setDuty(userId: string, duty: Duty): Promise<DutyStatus> {
    await this.#redis.hset(DUTY_KEY, userId, JSON.stringify({ on: duty.on, sound: duty.sound }));
    return this.heartbeat(userId);
  }

  async status(userId: string): Promise<DutyStatus> {
    const [duty, at] = await Promise.all([this.#redis.hget(DUTY_KEY, userId), this.#redis.hget(PRESENCE_KEY, userId)]);
    return {
      userId,
      ...(duty === null ? OFF : (JSON.parse(duty) as Duty)),
      lastHeartbeatAt: at === null ? null : formatIso(Number(at)),
    };
  }
}
