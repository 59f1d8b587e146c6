import type { Clock } from '../../../gateway/clock.ts';

/** A clock that stands until the test moves it. */
export class HandClock implements Clock {
  wallMs = 1_700_000_000_000;
  elapsedMs = 0;
  readonly nowMs = (): number => this.wallMs;
  readonly monoMs = (): number => this.elapsedMs;

  advance(ms: number): void {
    this.wallMs += ms;
    this.elapsedMs += ms;
  }
}
