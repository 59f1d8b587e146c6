/** A browser opens six connections to a host: the stream has one, and what a person does must always find a free one. */
const MOST_AT_ONCE = 2;
/** Evidence of so many rings may wait; beyond it the oldest is dropped (chosen). */
const MOST_WAITING = 1000;

/** Sends one after another what nobody waits for: few at once, and none is begun while a command is under way. */
export class QuietLane {
  readonly #waiting: (() => Promise<unknown>)[] = [];
  #running = 0;

  /** `idle` settles when no command is under way; a job never rejects. */
  push(job: () => Promise<unknown>, idle: () => Promise<void>): void {
    this.#waiting.push(job);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    if (this.#running < MOST_AT_ONCE) void this.#run(idle);
  }

  async #run(idle: () => Promise<void>): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      await idle();
      await this.#waiting.shift()?.();
    }
    this.#running -= 1;
  }
}
