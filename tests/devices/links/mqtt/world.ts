import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { asEventId, type AlarmEvent } from '../../../../devices/event.ts';
import { createMqttLink, type MqttLink } from '../../../../devices/links/mqtt/mqtt-link.ts';
import type { MqttLinkOptions } from '../../../../devices/links/mqtt/link-options.ts';
import type { Arrival } from '../../../../devices/links/ports.ts';
import type { Standing } from '../../../../devices/standing.ts';
import { until } from '../../../harness/until.ts';

/** Secrets of the devices that the test's register knows; `retired` names are known without one. */
export const SECRETS: Readonly<Record<string, string>> = { d1: 'secret-of-d1', d2: 'secret-of-d2' };

export type World = {
  readonly link: MqttLink;
  readonly port: number;
  /** Every alarm that came to the door, in order. */
  readonly arrivals: Arrival[];
  /** What the door does with the next alarms; by default it accepts at once. */
  door: (arrival: Arrival) => Promise<void>;
  readonly contacts: string[];
  readonly logLines: string[];
  readonly client: (options?: IClientOptions) => Promise<MqttClient>;
  readonly raw: () => Promise<RawClient>;
};

/** A real link on a free port of the loopback, with a door that the test holds. */
export async function startWorld(overrides: Partial<MqttLinkOptions> = {}): Promise<World> {
  const arrivals: Arrival[] = [];
  const contacts: string[] = [];
  const logLines: string[] = [];
  const note = (what: string) => (deviceId: string, more: string) => void contacts.push(`${what} ${deviceId} ${more}`);
  const link = createMqttLink({
    host: '127.0.0.1',
    port: 0,
    directory: { standingOf },
    door: {
      accept: async (arrival) => {
        arrivals.push(arrival);
        await world.door(arrival);
        return eventOf(arrival);
      },
    },
    contacts: {
      heard: note('heard'),
      connected: note('connected'),
      disconnected: note('disconnected'),
      dropped: note('dropped'),
    },
    logger: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    clock: { nowMs: () => 1_700_000_000_000 },
    later: setImmediate,
    ...overrides,
    limits: { stopGraceMs: 50, ...overrides.limits },
  });
  onTestFinished(() => link.stop());
  const { port } = await link.start();
  const world: World = {
    link,
    port,
    arrivals,
    contacts,
    logLines,
    door: () => Promise.resolve(),
    client: async (options = {}) => {
      const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0, connectTimeout: 5000, ...options });
      onTestFinished(() => void client.end(true));
      client.on('error', () => undefined);
      await soon(() => client.connected, 'the client to be connected');
      return client;
    },
    raw: () => openRaw(port),
  };
  return world;
}

export function soon<T>(condition: () => T | Promise<T>, what: string) {
  return until(condition, { timeoutMs: 30_000, what, everyMs: 2 });
}

function standingOf(deviceId: string, secret: Uint8Array | undefined): Standing {
  if (deviceId === 'retired-1') return 'retired';
  const expected = SECRETS[deviceId];
  if (expected === undefined) return 'unregistered';
  return secret !== undefined && Buffer.from(secret).equals(Buffer.from(expected)) ? 'verified' : 'unverified';
}

function eventOf(arrival: Arrival): AlarmEvent {
  const { deviceId, standing, source, message, raw } = arrival;
  const base = { deviceId, standing, source, message, raw: Buffer.from(raw).toString('base64') };
  return { ...base, id: asEventId('01J00000000000000000000000'), receivedAt: 0, gatewayId: 'test' };
}

/** A socket that speaks MQTT packet by packet, with nothing done for it. */
export type RawClient = {
  readonly socket: Socket;
  readonly received: Packet[];
  readonly isClosed: boolean;
  readonly send: (...packets: Packet[]) => void;
  readonly connectAs: (username?: string, password?: string, more?: object) => Promise<void>;
  readonly next: (cmd: Packet['cmd']) => Promise<Packet>;
};

async function openRaw(port: number): Promise<RawClient> {
  const socket = connectTcp(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  const received: Packet[] = [];
  const reader = parser();
  reader.on('packet', (packet: Packet) => received.push(packet));
  socket.on('data', (chunk: Buffer) => reader.parse(chunk));
  await once(socket, 'connect');
  const raw: RawClient = {
    socket,
    received,
    get isClosed() {
      return socket.closed;
    },
    send: (...packets) => void socket.write(Buffer.concat(packets.map((packet) => generate(packet)))),
    connectAs: async (username, password, more = {}) => {
      raw.send(connectPacket(username, password, more));
      await raw.next('connack');
    },
    next: async (cmd) => {
      const found = await soon(() => received.find((packet) => packet.cmd === cmd), `a ${cmd}`);
      received.splice(received.indexOf(found), 1);
      return found;
    },
  };
  return raw;
}

export function connectPacket(username?: string, password?: string, more: object = {}): Packet {
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: `raw-${Math.random()}`,
    keepalive: 0,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password: Buffer.from(password) }),
    ...more,
  };
}

export function publishPacket(
  topic: string,
  payload: string | Buffer,
  qos: 0 | 1 | 2 = 1,
  messageId = 1,
): IPublishPacket {
  return { cmd: 'publish', topic, payload, qos, dup: false, retain: false, ...(qos > 0 ? { messageId } : {}) };
}
