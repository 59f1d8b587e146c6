type Bounds = { readonly connections: number; readonly connectionsPerAddress: number };

/** Counts connections, in all and by address. */
export class Admission {
  readonly #bounds: Bounds;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get total(): number {
    return this.#total;
  }

  /** Which bound a further connection from there would break, if any. */
  refusal(address: string): 'too-many' | 'too-many-from-address' | undefined {
    if ((this.#byAddress.get(address) ?? 0) >= this.#bounds.connectionsPerAddress) return 'too-many-from-address';
    return this.#total >= this.#bounds.connections ? 'too-many' : undefined;
  }

  admit(address: string): void {
    this.#total += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  release(address: string): void {
    this.#total -= 1;
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }
}
