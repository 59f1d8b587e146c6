/** More than this between two ticks and we stood still as well: a frozen machine, a closed laptop. Chosen. */
const MOST_BETWEEN_TICKS_MS = 1000;

/**
 * How long a worker has not been heard of. Only the keeper's own waking time counts, on the monotonic clock: after both of
 * them stood still neither is at fault.
 */
export class StillWatch {
  #tickedMono: number;
  #stillMs = 0;

  constructor(monoMs: number) {
    this.#tickedMono = monoMs;
  }

  heard(): void {
    this.#stillMs = 0;
  }

  /** Called several times a second; milliseconds of silence. */
  tick(monoMs: number): number {
    this.#stillMs += Math.min(Math.max(0, monoMs - this.#tickedMono), MOST_BETWEEN_TICKS_MS);
    this.#tickedMono = monoMs;
    return this.#stillMs;
  }
}
