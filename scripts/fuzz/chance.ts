/** Numbers that look like chance and are the same for the same seed. */
export class Chance {
  #state: number;

  /** Any integer; its lowest 32 bits count. */
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 32 bits (splitmix32: a Weyl sequence, its values mixed). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** 0 to `bound` - 1; 0 where the bound is 0. */
  below(bound: number): number {
    return bound <= 1 ? 0 : this.next() % bound;
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)];
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < bytes.length; at += 4) {
      const word = this.next();
      for (let n = 0; n < 4 && at + n < bytes.length; n++) bytes[at + n] = word >>> (8 * n);
    }
    return bytes;
  }
}
