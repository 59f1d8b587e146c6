/** What was measured so long before it arrived may be over: newer readings of the same upload come first. Chosen. */
export const OLD_MS = 10 * 60_000;
/** For so long they are waited for. Chosen: an upload of a night is a few hundred messages. */
export const HOLD_MS = 30_000;

/** News of old readings wait here a moment, one of each subject; what comes meanwhile takes their place. */
export class HeldNews<Subject, News> {
  readonly #send: (news: News) => void;
  readonly #held = new Map<Subject, { news: News; readonly timer: NodeJS.Timeout }>();

  constructor(send: (news: News) => void) {
    this.#send = send;
  }

  get(subject: Subject): News | undefined {
    return this.#held.get(subject)?.news;
  }

  /** The first of an upload begins the wait, so that it ends. */
  put(subject: Subject, news: News): void {
    const known = this.#held.get(subject);
    if (known !== undefined) {
      known.news = news;
      return;
    }
    const holdTimer = setTimeout(() => this.#release(subject), HOLD_MS);
    holdTimer.unref();
    this.#held.set(subject, { news, timer: holdTimer });
  }

  drop(subject: Subject): void {
    clearTimeout(this.#held.get(subject)?.timer);
    this.#held.delete(subject);
  }

  /** Sends what waits. */
  stop(): void {
    for (const [subject, { timer }] of this.#held) {
      clearTimeout(timer);
      this.#release(subject);
    }
  }

  #release(subject: Subject): void {
    const held = this.#held.get(subject);
    this.#held.delete(subject);
    if (held !== undefined) this.#send(held.news);
  }
}
