import type { Client } from 'aedes';
import type { Session } from './session.ts';

/**
 * Live sessions. The broker gets an id of our own for every connection, so it never displaces anybody by itself (it would
 * let device B cut device A by A's client id, and forgets the newer of two connections when the older is still closing).
 */
export class SessionTable {
  readonly #ofClient = new WeakMap<object, Session>();
  readonly #ofStream = new WeakMap<object, Session>();
  readonly #byBrokerId = new Map<string, Session>();
  readonly #byKey = new Map<string, Session>();
  #lastNumber = 0;

  /** Registers a session and gives the broker's id for it; the one that it displaces is cut. */
  add(client: Client, session: Session): string {
    this.#byKey.get(session.key)?.stream.cut('displaced');
    this.#byKey.set(session.key, session);
    this.#ofClient.set(client, session);
    this.#ofStream.set(session.stream, session);
    this.#lastNumber += 1;
    const brokerId = `c${this.#lastNumber}`;
    this.#byBrokerId.set(brokerId, session);
    session.stream.once('close', () => {
      this.#byBrokerId.delete(brokerId);
      if (this.#byKey.get(session.key) === session) this.#byKey.delete(session.key);
    });
    return brokerId;
  }

  /** Also after the connection has closed, for its will; undefined for a client that never was one of ours. */
  ofClient(client: Client | null): Session | undefined {
    return client === null ? undefined : this.#ofClient.get(client);
  }

  ofStream(stream: object): Session | undefined {
    return this.#ofStream.get(stream);
  }

  ofBrokerId(brokerId: string): Session | undefined {
    return this.#byBrokerId.get(brokerId);
  }

  /**
   * The register thinks otherwise of the device now: its connections are cut and judged again when they come back. What a
   * verified one still leaves behind is unverified.
   */
  revoke(deviceId: string): void {
    for (const session of [...this.#byKey.values()]) {
      if (session.username !== deviceId) continue;
      if (session.standing === 'verified') session.standing = 'unverified';
      session.stream.cut('revoked');
    }
  }
}
