import { coveredDownTopics, parseTopic } from '../../../protocols/mqtt-json/topics.ts';

export type Subscription = { readonly topic: string; readonly qos: 0 | 1 | 2 };

/** A message that waits for a device which is away, with the broker's numbers on it. */
export type Queued = { readonly brokerCounter: number; readonly topic: string; messageId?: number | undefined };

type Bounds = {
  readonly sessions: number;
  readonly sessionsPerDevice: number;
  readonly queuedPerSession: number;
  readonly queued: number;
};

type KeptSession = {
  readonly deviceId: string;
  readonly subscriptions: Map<string, Subscription>;
  readonly queue: Queued[];
};

/** Sessions that outlive a connection (clean session 0), all of it bounded: over a bound the oldest goes. */
export class KeptSessions {
  readonly #bounds: Bounds;
  /** In the order in which they were last used. */
  readonly #sessions = new Map<string, KeptSession>();
  readonly #byDevice = new Map<string, Set<string>>();
  #queued = 0;
  #discarded = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get stats(): { readonly sessions: number; readonly queued: number; readonly discarded: number } {
    return { sessions: this.#sessions.size, queued: this.#queued, discarded: this.#discarded };
  }

  /** Keeps the filters on this device's own down topics and no others. */
  subscribe(key: string, deviceId: string, subscriptions: readonly Subscription[]): void {
    const own = subscriptions.filter(({ topic }) => coveredDownTopics(topic, deviceId).length > 0);
    if (own.length === 0) return;
    const session = this.#sessions.get(key) ?? this.#create(key, deviceId);
    for (const { topic, qos } of own) session.subscriptions.set(topic, { topic, qos });
  }

  unsubscribe(key: string, topics: readonly string[]): void {
    for (const topic of topics) this.#sessions.get(key)?.subscriptions.delete(topic);
  }

  /** Its owner is back: the session moves to the end of the order in which sessions go. */
  reopen(key: string): Subscription[] {
    const session = this.#sessions.get(key);
    if (session === undefined) return [];
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    return [...session.subscriptions.values()];
  }

  /** Keys of the sessions that want a message on this topic at QoS 1 or 2, each once. */
  interestedIn(topic: string): string[] {
    const parsed = parseTopic(topic);
    if (parsed === undefined) return [];
    const wants = ({ topic: filter, qos }: Subscription): boolean =>
      qos > 0 && coveredDownTopics(filter, parsed.name).some((subtopic) => subtopic === parsed.subtopic);
    const keys = [...(this.#byDevice.get(parsed.name) ?? [])];
    return keys.filter((key) => [...(this.#sessions.get(key)?.subscriptions.values() ?? [])].some(wants));
  }

  queue(key: string): readonly Queued[] {
    return [...(this.#sessions.get(key)?.queue ?? [])];
  }

  enqueue(key: string, message: Queued): void {
    const session = this.#sessions.get(key);
    if (session === undefined) return;
    session.queue.push(message);
    this.#queued += 1;
    if (session.queue.length > this.#bounds.queuedPerSession) this.#discardOldest(session);
    if (this.#queued <= this.#bounds.queued) return;
    this.#discardOfLongestAway();
  }

  /** The packet identifier under which it is on its way. Nothing happens when it fell to a bound meanwhile. */
  number(key: string, message: Queued): void {
    const queued = this.#sessions.get(key)?.queue.find((item) => item.brokerCounter === message.brokerCounter);
    if (queued !== undefined) queued.messageId = message.messageId;
  }

  acknowledge(key: string, messageId: number | undefined): Queued | undefined {
    const queue = this.#sessions.get(key)?.queue ?? [];
    const index = queue.findIndex((item) => item.messageId === messageId);
    if (index < 0) return undefined;
    this.#queued -= 1;
    return queue.splice(index, 1)[0];
  }

  forget(key: string): void {
    const session = this.#sessions.get(key);
    if (session === undefined) return;
    this.#queued -= session.queue.length;
    this.#sessions.delete(key);
    const keys = this.#byDevice.get(session.deviceId);
    keys?.delete(key);
    if (keys?.size === 0) this.#byDevice.delete(session.deviceId);
  }

  forgetDevice(deviceId: string): void {
    for (const key of [...(this.#byDevice.get(deviceId) ?? [])]) this.forget(key);
  }

  #create(key: string, deviceId: string): KeptSession {
    const ofDevice = this.#byDevice.get(deviceId);
    const oldestOfDevice = (ofDevice?.size ?? 0) >= this.#bounds.sessionsPerDevice ? first(ofDevice) : undefined;
    if (oldestOfDevice !== undefined) this.forget(oldestOfDevice);
    const oldest = this.#sessions.size >= this.#bounds.sessions ? first(this.#sessions.keys()) : undefined;
    if (oldest !== undefined) this.forget(oldest);

    const session: KeptSession = { deviceId, subscriptions: new Map(), queue: [] };
    this.#sessions.set(key, session);
    const keys = this.#byDevice.get(deviceId) ?? new Set<string>();
    this.#byDevice.set(deviceId, keys.add(key));
    return session;
  }

  #discardOfLongestAway(): void {
    for (const session of this.#sessions.values()) {
      if (session.queue.length === 0) continue;
      this.#discardOldest(session);
      return;
    }
  }

  #discardOldest(session: KeptSession): void {
    session.queue.shift();
    this.#queued -= 1;
    this.#discarded += 1;
  }
}

function first(values: Iterable<string> | undefined): string | undefined {
  for (const value of values ?? []) return value;
  return undefined;
}
