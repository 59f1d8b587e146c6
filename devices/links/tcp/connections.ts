import type { TcpConnection } from './connection.ts';

type Bounds = { readonly connections: number; readonly connectionsPerAddress: number };

/** Connections over the bound that were cut and are still heard out. Chosen. */
const LEAVING = 64;

/**
 * Which connections are open, the quietest first. Nobody can lock others out: over a bound the one that has been quiet the longest
 * makes room, of that address where it is the address that has too many. One that has an alarm at the door never does.
 */
export class Connections {
  readonly #bounds: Bounds;
  readonly #open = new Map<TcpConnection, string>();
  readonly #byAddress = new Map<string, Set<TcpConnection>>();
  readonly #leaving = new Set<TcpConnection>();

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get count(): number {
    return this.#open.size;
  }

  /** Whether one more from there may come in; cuts another for it where a bound is reached. */
  makeRoom(address: string): boolean {
    const neighbours = this.#byAddress.get(address)?.size ?? 0;
    if (neighbours >= this.#bounds.connectionsPerAddress) return this.#giveUpOne(this.#byAddress.get(address) ?? []);
    return this.#open.size < this.#bounds.connections || this.#giveUpOne(this.#open.keys());
  }

  add(connection: TcpConnection, address: string): void {
    this.#open.set(connection, address);
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? new Set()).add(connection));
  }

  /** It is the last that would make room now. */
  heard(connection: TcpConnection): void {
    const address = this.#open.get(connection);
    if (address === undefined) return;
    this.remove(connection);
    this.add(connection, address);
  }

  /** It ends, or has ended. */
  remove(connection: TcpConnection): void {
    this.#leaving.delete(connection);
    const address = this.#open.get(connection);
    if (address === undefined) return;
    this.#open.delete(connection);
    const neighbours = this.#byAddress.get(address);
    neighbours?.delete(connection);
    if (neighbours?.size === 0) this.#byAddress.delete(address);
  }

  /** It was cut and does not count any more, until it is gone. */
  leaves(connection: TcpConnection): void {
    this.remove(connection);
    this.#leaving.add(connection);
    const [oldest] = this.#leaving;
    if (this.#leaving.size > LEAVING) oldest?.destroy();
  }

  #giveUpOne(candidates: Iterable<TcpConnection>): boolean {
    for (const connection of candidates) {
      if (connection.account.bytes > 0) continue;
      connection.cut('room');
      return true;
    }
    return false;
  }
}
