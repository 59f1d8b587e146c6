import type { Timers } from '../../dashboard/feed/timers.ts';

type Timer = { at: number; readonly everyMs: number | null; readonly run: () => void };

/** Time that passes only when a test says so. */
export class ManualTimers implements Timers {
  nowMs = 0;
  readonly #timers = new Set<Timer>();

  readonly every = (ms: number, run: () => void): unknown => this.#add({ at: this.nowMs + ms, everyMs: ms, run });

  readonly after = (ms: number, run: () => void): unknown => this.#add({ at: this.nowMs + ms, everyMs: null, run });

  readonly cancel = (timer: unknown): void => {
    this.#timers.delete(timer as Timer);
  };

  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and what was promised meanwhile settle. */
  async pass(ms: number): Promise<void> {
    const end = this.nowMs + ms;
    for (;;) {
      const next = [...this.#timers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.nowMs = next.at;
      if (next.everyMs === null) this.#timers.delete(next);
      else next.at += next.everyMs;
      next.run();
      await settle();
    }
    this.nowMs = end;
    await settle();
  }

  #add(timer: Timer): Timer {
    this.#timers.add(timer);
    return timer;
  }
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
