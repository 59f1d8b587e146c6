/** What one connection has waiting at the door. */
export type Account = { bytes: number };

type Bounds = { readonly inFlightBytesPerConnection: number; readonly inFlightBytes: number };

/** Closures, promises and the decoded message of one alarm, beside its bytes. Chosen. */
const OVERHEAD_BYTES = 1024;

/**
 * Bounds what waits at the door, since nothing below has such a bound (performance.md, aedes 3). Nothing is refused: a
 * connection over its own bound, or over the bound of all while it has anything waiting, is not read until some of it is
 * durable. A connection that has nothing waiting is always read, so nobody's alarm stands behind another's.
 */
export class InFlight {
  readonly #bounds: Bounds;
  readonly #onRoom = new Set<() => void>();
  #totalBytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  mayRead(account: Account): boolean {
    if (account.bytes === 0) return true;
    return account.bytes < this.#bounds.inFlightBytesPerConnection && this.#totalBytes < this.#bounds.inFlightBytes;
  }

  /** Calls back once, when some room has come back. */
  whenRoom(callback: () => void): void {
    this.#onRoom.add(callback);
  }

  forget(callback: () => void): void {
    this.#onRoom.delete(callback);
  }

  take(account: Account, payloadBytes: number): void {
    account.bytes += payloadBytes + OVERHEAD_BYTES;
    this.#totalBytes += payloadBytes + OVERHEAD_BYTES;
  }

  give(account: Account, payloadBytes: number): void {
    account.bytes -= payloadBytes + OVERHEAD_BYTES;
    this.#totalBytes -= payloadBytes + OVERHEAD_BYTES;
    const callbacks = [...this.#onRoom];
    this.#onRoom.clear();
    for (const callback of callbacks) callback();
  }
}
