import { Aedes, type Client } from 'aedes';
import { coveredDownTopics, parseTopic } from '../../../protocols/mqtt-json/topics.ts';
import type { BrokerStore } from './broker-store.ts';
import type { Incoming } from './publish-handler.ts';
import type { Session } from './session.ts';

/** What the link decides for the broker. */
export type BrokerHooks = {
  /** False: the connection is over; the answer, if any, is already written. */
  readonly connect: (client: Client, packet: Parameters<Aedes['preConnect']>[1]) => boolean;
  readonly connected: (client: Client) => void;
  readonly publish: (client: Client | null, incoming: Incoming) => Promise<unknown> | undefined;
  /** What it sent could not be made durable: its connection is to end, without an acknowledgement. */
  readonly refused: (client: Client) => void;
  readonly sessionOf: (client: Client) => Session | undefined;
  readonly subscriptionRefused: (client: Client) => void;
  /** Asked for these filters; those that were refused too. The acknowledgement is on its way. */
  readonly subscribed: (client: Client, filters: readonly string[]) => void;
  readonly ping: (client: Client) => void;
  readonly clientError: (client: Client, error: Error) => void;
};

/** Where messages of devices go after us: no filter that we grant matches it. */
const NOWHERE = 'nowhere';
const NOTHING = Buffer.alloc(0);

/**
 * Aedes with its traps closed (performance.md, aedes 1 to 5):
 * - what makes an alarm durable runs in `authorizePublish`, the only hook before PUBACK and PUBREC; wills pass it too
 * - concurrency 0, because a bounded emitter overflows the stack when a subscriber leaves under load; bounds are ours
 * - a device's message is redirected to nowhere: it is fanned out to nobody, retained nowhere, kept nowhere
 */
export async function createBroker(hooks: BrokerHooks, store: BrokerStore, connectTimeoutMs: number): Promise<Aedes> {
  const broker = await Aedes.createBroker({
    concurrency: 0,
    connectTimeout: connectTimeoutMs,
    persistence: store,
    preConnect: (client, packet, done) => {
      if (hooks.connect(client, packet)) done(null, true);
      else client.conn.once('finish', () => done(new Error('CONNECT refused'), false));
    },
    authenticate: (_client, _username, _password, done) => done(null, true),
    authorizePublish: (client, packet, done) => {
      // A will is handed over as it stood in CONNECT, without a command.
      const kind = packet.cmd === 'publish' ? 'publish' : 'will';
      const payload = Buffer.isBuffer(packet.payload) ? packet.payload : Buffer.from(packet.payload);
      const incoming = {
        topic: packet.topic,
        payload,
        kind,
        isAcknowledged: kind === 'publish' && packet.qos > 0,
      } as const;
      packet.topic = NOWHERE;
      packet.payload = NOTHING;
      packet.retain = false;
      const settled = hooks.publish(client, incoming);
      if (settled === undefined) done(null);
      else
        settled.then(
          () => done(null),
          (error: unknown) => {
            // The broker would drop what came behind it; the link ends the connection when that was passed on.
            if (kind === 'publish' && client !== null) hooks.refused(client);
            else done(asError(error));
          },
        );
    },
    authorizeSubscribe: (client, subscription, done) => {
      const session = hooks.sessionOf(client);
      const isOwn = session !== undefined && isReceiver(session, subscription.topic);
      if (!isOwn) hooks.subscriptionRefused(client);
      // Null makes the broker answer 0x80.
      done(null, isOwn ? subscription : null);
    },
    authorizeForward: (client, packet) => {
      const session = hooks.sessionOf(client);
      const isTheirs = session?.standing === 'verified' && parseTopic(packet.topic)?.name === session.username;
      return isTheirs ? packet : null;
    },
  });
  broker.on('connackSent', (packet, client) => {
    if (packet.returnCode === 0) hooks.connected(client);
  });
  broker.on('subscribe', (subscriptions, client) => {
    const filters = subscriptions.map(({ topic }) => topic);
    hooks.subscribed(client, filters);
  });
  broker.on('ping', (_packet, client) => hooks.ping(client));
  broker.on('clientError', hooks.clientError);
  broker.on('connectionError', hooks.clientError);
  return broker;
}

function isReceiver(session: Session, filter: string): boolean {
  const { standing, username } = session;
  return standing === 'verified' && username !== undefined && coveredDownTopics(filter, username).length > 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The door refused', { cause: error });
}
