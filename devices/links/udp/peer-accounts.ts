import type { Account } from '../in-flight.ts';

/** How many peers are remembered that have nothing at the door, before they are forgotten. Chosen. */
const MOST_PEERS = 10_000;

/** What each peer has at the door. Datagrams have no connection that would end, so peers with nothing there are swept out. */
export class PeerAccounts {
  readonly #most: number;
  readonly #accounts = new Map<string, Account>();

  constructor(most: number = MOST_PEERS) {
    this.#most = most;
  }

  get size(): number {
    return this.#accounts.size;
  }

  /** Total: where all that are remembered have something at the door, it is an account that nobody remembers. */
  of(peer: string): Account {
    const known = this.#accounts.get(peer);
    if (known !== undefined) return known;
    const account = { bytes: 0 };
    if (this.#accounts.size >= this.#most) this.#sweep();
    if (this.#accounts.size < this.#most) this.#accounts.set(peer, account);
    return account;
  }

  #sweep(): void {
    for (const [peer, { bytes }] of this.#accounts) if (bytes === 0) this.#accounts.delete(peer);
  }
}
