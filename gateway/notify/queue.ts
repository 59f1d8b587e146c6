/** All chosen. A receiver that hangs keeps an attempt's place for ten seconds. */
export const PLACES = 128;
/** Of these, at most so many for what failed before: whoever was never told comes first. */
export const PLACES_FOR_RETRIES = 64;
/** Of these, at most so many for one person: a dead telephone delays nobody else. */
export const PLACES_A_PERSON = 2;

export type Queued = {
  readonly person: string;
  /** 1 is most urgent. */
  readonly priority: number;
  readonly isRetry: boolean;
};

/** Whose turn it is. Pure bookkeeping: first attempts before repeated ones, then by priority, then in order of coming. */
export class NoticeQueue<T extends Queued> {
  /** Not started, by rank. */
  readonly #waiting = new Map<number, T[]>();
  readonly #running = new Map<T, boolean>();
  readonly #byPerson = new Map<string, number>();
  #retries = 0;

  add(item: T): void {
    const rank = rankOf(item);
    const line = this.#waiting.get(rank);
    if (line === undefined) this.#waiting.set(rank, [item]);
    else line.push(item);
  }

  /** The next one that may start now; it keeps its place until `done`. */
  take(): T | undefined {
    if (this.#running.size >= PLACES) return undefined;
    for (const rank of [...this.#waiting.keys()].toSorted((a, b) => a - b)) {
      const line = this.#waiting.get(rank) ?? [];
      const at = line.findIndex((item) => this.#mayStart(item));
      const item = line[at];
      if (item === undefined) continue;
      line.splice(at, 1);
      if (line.length === 0) this.#waiting.delete(rank);
      this.#start(item);
      return item;
    }
    return undefined;
  }

  done(item: T): void {
    const wasRetry = this.#running.get(item);
    if (wasRetry === undefined) return;
    this.#running.delete(item);
    if (wasRetry) this.#retries -= 1;
    const left = (this.#byPerson.get(item.person) ?? 1) - 1;
    if (left > 0) this.#byPerson.set(item.person, left);
    else this.#byPerson.delete(item.person);
  }

  /** All that was not taken yet. */
  list(): readonly T[] {
    return [...this.#waiting.values()].flat();
  }

  #mayStart({ person, isRetry }: T): boolean {
    if (isRetry && this.#retries >= PLACES_FOR_RETRIES) return false;
    return (this.#byPerson.get(person) ?? 0) < PLACES_A_PERSON;
  }

  #start(item: T): void {
    this.#running.set(item, item.isRetry);
    if (item.isRetry) this.#retries += 1;
    this.#byPerson.set(item.person, (this.#byPerson.get(item.person) ?? 0) + 1);
  }
}

const RETRIES_LAST = 10;

function rankOf({ priority, isRetry }: Queued): number {
  return priority + (isRetry ? RETRIES_LAST : 0);
}
