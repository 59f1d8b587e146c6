/** Streams at once, of all and of one person; each holds a socket and its unread bytes. Chosen. */
const MAX = { all: 500, each: 10 } as const;

/**
 * Who has which streams. One person cannot take the places of others; beyond their own bound the oldest of theirs ends, not
 * the newest: one that a broken line left behind must not keep its person from hearing. A stream that lives resumes by itself.
 */
export class Places {
  readonly #streams = new Map<string, Set<() => void>>();
  #all = 0;

  hasRoom(person: string): boolean {
    return this.#all < MAX.all || this.#count(person) >= MAX.each;
  }

  /** Takes a place; `end` is called when it is wanted for a newer stream. Answers how to leave it; may be called twice. */
  take(person: string, end: () => void): () => void {
    const mine = this.#streams.get(person) ?? new Set<() => void>();
    const [oldest] = mine;
    if (oldest !== undefined && mine.size >= MAX.each) {
      this.#drop(person, oldest);
      oldest();
    }
    // Of its own, so that the same function given twice is two streams.
    const entry = (): void => end();
    this.#streams.set(person, mine.add(entry));
    this.#all += 1;
    return () => this.#drop(person, entry);
  }

  #count(person: string): number {
    return this.#streams.get(person)?.size ?? 0;
  }

  #drop(person: string, entry: () => void): void {
    const mine = this.#streams.get(person);
    if (mine?.delete(entry) !== true) return;
    this.#all -= 1;
    if (mine.size === 0) this.#streams.delete(person);
  }
}
