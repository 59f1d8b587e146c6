export type TickerDeps = {
  readonly nowMs: () => number;
  readonly setInterval: (tick: () => void, ms: number) => unknown;
  readonly clearInterval: (timer: unknown) => void;
};

const CHECK_MS = 250;

/**
 * The gateway's time on this console, in whole seconds, for everything that ticks. `nudge` lets the worker's ticks drive
 * it too: browsers slow the timers of a window that is not in front, a worker's they do not.
 */
export class Ticker {
  readonly #deps: TickerDeps;
  readonly #listeners = new Set<() => void>();
  #offsetMs = 0;
  #shownMs: number;
  #secondTimer: unknown = null;

  constructor(deps: TickerDeps) {
    this.#deps = deps;
    this.#shownMs = toSecond(deps.nowMs());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Epoch milliseconds of the gateway's clock, cut to the second; changes once a second. */
  readonly shownMs = (): number => this.#shownMs;

  /** Epoch milliseconds of the gateway's clock, exact. */
  readonly nowMs = (): number => this.#deps.nowMs() + this.#offsetMs;

  readonly setOffset = (offsetMs: number): void => {
    this.#offsetMs = offsetMs;
    this.nudge();
  };

  readonly nudge = (): void => {
    const second = toSecond(this.nowMs());
    if (second === this.#shownMs) return;
    this.#shownMs = second;
    for (const listener of this.#listeners) listener();
  };

  start(): void {
    this.#secondTimer ??= this.#deps.setInterval(this.nudge, CHECK_MS);
  }

  stop(): void {
    if (this.#secondTimer !== null) this.#deps.clearInterval(this.#secondTimer);
    this.#secondTimer = null;
  }
}

function toSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000;
}
