import type { Clock } from './clock.ts';

/** The same line at most this often; chosen. */
const QUIET_MS = 60_000;

/** Keeps a lasting fault from filling the log: the same news counts once a minute. Keys must come from a closed set. */
export class RepeatGuard {
  readonly #clock: Clock;
  readonly #lastMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isNews(key: string): boolean {
    const nowMs = this.#clock.monoMs();
    const lastMs = this.#lastMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < QUIET_MS) return false;
    this.#lastMs.set(key, nowMs);
    return true;
  }
}
