import type { Logger } from 'pino';
import type { Clock } from './clock.ts';

/**
 * Chosen: an answer to an alarm needs some turns of the event loop, and is to come within milliseconds. With half a millisecond
 * presses were answered no sooner on a machine that others used too, and half as many vital signs were taken.
 */
const SLICE_MS = 2;

/** So much that is done may lie before what waits. Chosen. */
const FORGET_AFTER = 4096;

/**
 * Work that may wait, done in its order, a slice of time in each turn of the event loop. What is urgent is done between the
 * slices, so that it waits for one of them at most, however much there is to do.
 */
export class TimeSlices {
  readonly #clock: Pick<Clock, 'monoMs'>;
  readonly #logger: Logger;
  #works: (() => void)[] = [];
  #done = 0;
  #isDue = false;

  constructor(options: { readonly clock: Pick<Clock, 'monoMs'>; readonly logger: Logger }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  get waiting(): number {
    return this.#works.length - this.#done;
  }

  /** Not bounded: whoever adds knows how much of its own is waiting. */
  readonly add = (work: () => void): void => {
    this.#works.push(work);
    this.#plan();
  };

  /** All of it, at once. */
  finish(): void {
    while (this.waiting > 0) this.#one();
  }

  #plan(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(this.#slice);
  }

  readonly #slice = (): void => {
    this.#isDue = false;
    const { monoMs } = this.#clock;
    const endMs = monoMs() + SLICE_MS;
    // What a piece of work adds may be done in the same slice; then the next turn finds nothing.
    while (this.waiting > 0) {
      this.#one();
      if (monoMs() >= endMs) break;
    }
    if (this.waiting > 0) this.#plan();
  };

  #one(): void {
    const work = this.#works[this.#done];
    this.#done += 1;
    // To shift each out would move all the rest.
    if (this.#done === this.#works.length || this.#done >= FORGET_AFTER) this.#forget();
    try {
      work?.();
    } catch (error) {
      this.#logger.error({ err: error }, 'work that was left for later failed');
    }
  }

  #forget(): void {
    this.#works = this.#works.slice(this.#done);
    this.#done = 0;
  }
}
