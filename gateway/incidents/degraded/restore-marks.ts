import { fromStore } from '../store-silence.ts';
import type { Mark } from './plan-marks.ts';

const AT_ONCE = 200;

export type MarkRedis = {
  readonly set: (key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX') => Promise<unknown>;
};

/** Gives marks to Redis for the rest of their time; what it has stays. Rejects while it is silent. */
export async function restoreMarks(redis: MarkRedis, marks: readonly Mark[], nowMs: () => number): Promise<void> {
  for (let at = 0; at < marks.length; at += AT_ONCE) {
    await Promise.all(
      marks.slice(at, at + AT_ONCE).map(({ key, value, until }) => {
        const ttlMs = Math.max(1, Math.ceil(until - nowMs()));
        return fromStore(redis.set(key, value, 'PX', ttlMs, 'NX'));
      }),
    );
  }
}
