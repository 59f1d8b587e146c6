import type { EventEmitter } from 'node:events';
import type { Client } from 'aedes';
import { coveredDownTopics } from '../../../protocols/mqtt-json/topics.ts';
import { AlarmLane } from '../alarm-lane.ts';
import { BrokerStore } from './broker-store.ts';
import { createBroker, type BrokerHooks } from './broker.ts';
import { handleConnect } from './connect-handler.ts';
import { Connections } from './connections.ts';
import type { MqttCounters } from './counters.ts';
import { InFlight } from '../in-flight.ts';
import type { KeptSessions } from './kept-sessions.ts';
import type { MqttLimits } from './limits.ts';
import { listen } from '../tcp/listener.ts';
import type { MqttLinkOptions } from './link-options.ts';
import { Notes } from './notes.ts';
import { PublishHandler, type Incoming } from './publish-handler.ts';
import { SessionTable } from './session-table.ts';
import type { Session } from './session.ts';
import { tellFaults } from './register-faults.ts';
import { VitalsLane } from './vitals-lane.ts';

/** The link from one start to the next stop. */
export type RunningLink = {
  readonly port: number;
  readonly connections: () => number;
  readonly inFlightBytes: () => number;
  readonly publish: (topic: string, payload: Buffer) => void;
  /** Some connection of the device has subscribed to its feedback. */
  readonly isListening: (deviceId: string) => boolean;
  readonly revoke: (deviceId: string) => void;
  readonly stop: () => Promise<void>;
};

/** Builds the parts in the order in which bytes pass them, and listens. Rejects with LinkError. */
export async function runLink(
  options: MqttLinkOptions,
  limits: MqttLimits,
  counters: MqttCounters,
  keptSessions: KeptSessions,
): Promise<RunningLink> {
  const { logger, contacts } = options;
  const directory = tellFaults(options.directory, logger);
  let isStopping = false;
  const inFlight = new InFlight(limits);
  const sessions = new SessionTable();
  const connections = new Connections({
    limits,
    inFlight,
    counters,
    logger,
    isExpendable: ({ stream }) => sessions.ofStream(stream)?.standing !== 'verified',
    takeAside: ({ stream }, packet) => {
      const session = sessions.ofStream(stream);
      return session !== undefined && handler.takeAside(session, packet);
    },
    later: options.later,
  });
  const lane = new AlarmLane(options.door, inFlight, counters, logger);
  const notes = new Notes(counters, logger);
  const vitalsLane = new VitalsLane({ ...options, door: options.vitals, bounds: limits, counters, notes });
  const handler = new PublishHandler({ ...options, lane, vitalsLane, counters, notes });

  const listeners = new Map<string, Set<object>>();
  const store = new BrokerStore(keptSessions, (brokerId) => {
    const session = sessions.ofBrokerId(brokerId);
    if (session?.standing !== 'verified' || session.username === undefined) return undefined;
    return { key: session.key, deviceId: session.username };
  });
  const report = (tell: (deviceId: string, session: Session) => void, session: Session): void => {
    if (session.claimedId === undefined) return;
    try {
      tell(session.claimedId, session);
    } catch (error) {
      logger.error({ err: error }, 'listener of the MQTT link failed');
    }
  };
  const hooks: BrokerHooks = {
    sessionOf: (client) => sessions.ofClient(client),
    connect: (client, packet) => {
      const connection = connections.ofStream(client.conn);
      return connection !== undefined && handleConnect(client, packet, connection, directory, sessions);
    },
    connected: (client) => {
      const session = sessions.ofClient(client);
      if (session === undefined) return;
      counters.connects += 1;
      report((deviceId, { standing }) => contacts.connected(deviceId, standing), session);
      logger.info({ deviceId: session.claimedId, standing: session.standing }, 'device connected');
      session.stream.once('close', () => {
        report((deviceId, { standing }) => contacts.disconnected(deviceId, standing), session);
        logger.info(
          { deviceId: session.claimedId, dropped: Object.fromEntries(session.dropped) },
          'device disconnected',
        );
      });
      // The broker takes packets only after the turn in which it says that CONNACK is out.
      setImmediate(() => session.stream.open());
    },
    publish: (client: Client | null, incoming: Incoming) => {
      const session = sessions.ofClient(client);
      // Closing every connection at a planned stop is our doing, not news about the devices.
      if (session === undefined || (isStopping && incoming.kind === 'will')) return undefined;
      return handler.handle(session, incoming);
    },
    refused: (client) => sessions.ofClient(client)?.stream.cut('refused'),
    subscriptionRefused: () => {
      counters.refusedSubscriptions += 1;
    },
    subscribed: (client, filters) => {
      const session = sessions.ofClient(client);
      if (session?.standing !== 'verified' || session.username === undefined) return;
      const { username, stream } = session;
      if (!filters.some((filter) => coveredDownTopics(filter, username).includes('feedback'))) return;
      if (!stream.closed) {
        listeners.set(username, (listeners.get(username) ?? new Set()).add(stream));
        stream.once('close', () => {
          const left = listeners.get(username);
          left?.delete(stream);
          if (left?.size === 0) listeners.delete(username);
        });
      }
      report((deviceId) => options.listening?.(deviceId), session);
    },
    ping: (client) => {
      const session = sessions.ofClient(client);
      if (session !== undefined) report((deviceId, { standing }) => contacts.heard(deviceId, standing), session);
    },
    clientError: (client, error) => {
      counters.clientErrors += 1;
      logger.debug({ deviceId: sessions.ofClient(client)?.claimedId, reason: error.message }, 'connection failed');
    },
  };

  const broker = await createBroker(hooks, store, limits.connectTimeoutMs);
  // Its types leave this event out; without a listener it would end the process.
  const events: EventEmitter = broker;
  events.on('error', (error: Error) => logger.error({ err: error }, 'broker failed'));
  const closeBroker = (): Promise<void> => new Promise((resolve) => broker.close(() => resolve()));
  const listener = await listen(
    { ...options, name: 'mqtt', connectTimeoutMs: limits.connectTimeoutMs, connections: limits.connections },
    (socket) => {
      const connection = connections.admit(socket);
      if (connection === undefined) return;
      broker.handle(connection.stream);
      connection.stream.start();
    },
    (error) => logger.error({ err: error }, 'MQTT listener reports a fault'),
    (error) => {
      counters.clientErrors += 1;
      logger.debug({ reason: error.message }, 'TLS handshake failed');
    },
  ).catch(async (error: unknown) => {
    await closeBroker();
    throw error;
  });

  return {
    port: listener.port,
    connections: () => connections.count,
    inFlightBytes: () => inFlight.totalBytes,
    publish: (topic, payload) => {
      broker.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, (error) => {
        if (error !== undefined && error !== null) logger.warn({ reason: error.message }, 'feedback was not sent');
      });
    },
    isListening: (deviceId) => listeners.has(deviceId),
    revoke: (deviceId) => sessions.revoke(deviceId),
    stop: async () => {
      isStopping = true;
      listener.refuse();
      await lane.stop(limits.stopGraceMs);
      await connections.cutAll('stopped', limits.stopGraceMs);
      await listener.close();
      // What was passed on last, and nobody sends again.
      await lane.stop(limits.stopGraceMs);
      await closeBroker();
    },
  };
}
