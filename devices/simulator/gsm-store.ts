import type { EncodedPdu } from '../../protocols/sms-pdu/encode.ts';

export type StoredPdu = EncodedPdu & { status: 0 | 1 | 2 | 3 };

/** A card's messages, and what the network keeps while the card is full. */
export class GsmStore {
  readonly #capacity: number;
  readonly #slots = new Map<number, StoredPdu>();
  readonly #held: EncodedPdu[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The slot it lies in; null: the network keeps it until there is room. */
  add(pdu: EncodedPdu): number | null {
    for (let index = 1; index <= this.#capacity; index += 1) {
      if (this.#slots.has(index)) continue;
      this.#slots.set(index, { ...pdu, status: 0 });
      return index;
    }
    this.#held.push(pdu);
    return null;
  }

  /** What the network brings now that there is room: its slot, or null where nothing waits. */
  remove(index: number): number | null {
    this.#slots.delete(index);
    const next = this.#held.shift();
    return next === undefined ? null : this.add(next);
  }

  /** Reading it makes it read. */
  read(index: number): StoredPdu | undefined {
    const found = this.#slots.get(index);
    if (found === undefined) return undefined;
    const before = { ...found };
    if (found.status === 0) found.status = 1;
    return before;
  }

  indexes(): readonly number[] {
    return [...this.#slots.keys()].toSorted((a, b) => a - b);
  }

  get used(): number {
    return this.#slots.size;
  }

  get capacity(): number {
    return this.#capacity;
  }

  get held(): number {
    return this.#held.length;
  }
}
