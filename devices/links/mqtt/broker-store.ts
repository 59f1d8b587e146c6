import { Readable } from 'node:stream';
import type { KeptSessions, Queued, Subscription } from './kept-sessions.ts';

type BrokerClient = { readonly id: string };

/** Which kept session a broker client is; undefined: it may keep none (it is in quarantine, or gone). */
export type Identify = (clientId: string) => { readonly key: string; readonly deviceId: string } | undefined;

/**
 * The store that the broker asks for, over bounded sessions. Its own in-memory one has no bound, and
 * - stores every filter of a SUBSCRIBE, the refused ones too, and then queues another device's feedback;
 * - sweeps stored wills by the wall clock and would ring those of living devices when it jumps: none is stored, the live
 *   connection has its own;
 * - keeps retained messages: nothing is retained here;
 * - remembers inbound QoS 2 packets by their identifier: no alarm may be dropped for that (design §4 Identity).
 */
export class BrokerStore {
  readonly #sessions: KeptSessions;
  readonly #identify: Identify;

  constructor(sessions: KeptSessions, identify: Identify) {
    this.#sessions = sessions;
    this.#identify = identify;
  }

  async setup(): Promise<void> {}

  async addSubscriptions({ id }: BrokerClient, subscriptions: readonly Subscription[]): Promise<void> {
    const identity = this.#identify(id);
    if (identity !== undefined) this.#sessions.subscribe(identity.key, identity.deviceId, subscriptions);
  }

  async removeSubscriptions({ id }: BrokerClient, topics: readonly string[]): Promise<void> {
    const key = this.#keyOf(id);
    if (key !== undefined) this.#sessions.unsubscribe(key, topics);
  }

  async subscriptionsByClient({ id }: BrokerClient): Promise<Subscription[]> {
    const key = this.#keyOf(id);
    return key === undefined ? [] : this.#sessions.reopen(key);
  }

  /** The `clientId` that goes out here is a session's key; it comes back in `outgoingEnqueueCombi`. */
  async subscriptionsByTopic(topic: string): Promise<{ clientId: string; topic: string }[]> {
    return this.#sessions.interestedIn(topic).map((key) => ({ clientId: key, topic }));
  }

  async cleanSubscriptions({ id }: BrokerClient): Promise<void> {
    const key = this.#keyOf(id);
    if (key !== undefined) this.#sessions.forget(key);
  }

  async outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], message: Queued): Promise<void> {
    for (const { clientId } of subscriptions) this.#sessions.enqueue(clientId, { ...message });
  }

  /** Never fails: the broker would cut the client, only because an older message had to make room. */
  async outgoingUpdate({ id }: BrokerClient, message: Queued): Promise<void> {
    const key = this.#keyOf(id);
    if (key !== undefined) this.#sessions.number(key, message);
  }

  async outgoingClearMessageId({ id }: BrokerClient, message: { messageId?: number }): Promise<Queued | undefined> {
    const key = this.#keyOf(id);
    return key === undefined ? undefined : this.#sessions.acknowledge(key, message.messageId);
  }

  outgoingStream({ id }: BrokerClient): Readable {
    const key = this.#keyOf(id);
    return Readable.from(key === undefined ? [] : this.#sessions.queue(key));
  }

  /** Known already: the door has had it, so the broker only answers PUBREC or PUBCOMP, keeps nothing, passes nothing on. */
  async incomingGetPacket<T>(_client: BrokerClient, packet: T): Promise<T> {
    return packet;
  }

  async incomingStorePacket(): Promise<void> {}
  async incomingDelPacket(): Promise<void> {}
  async cleanIncoming(): Promise<void> {}
  async storeRetained(): Promise<void> {}
  async putWill(): Promise<void> {}
  async delWill(): Promise<void> {}

  createRetainedStreamCombi(): Readable {
    return Readable.from([]);
  }

  streamWill(): Readable {
    return Readable.from([]);
  }

  #keyOf(clientId: string): string | undefined {
    return this.#identify(clientId)?.key;
  }
}
