import { connect, type Socket } from 'node:net';
import { generate, parser, type IConnectPacket, type Packet } from 'mqtt-packet';
import { afterwards } from '../../harness/cleanup.ts';

/** What `zhuji device add` tells of a device that is needed to press its key. */
export type Credentials = {
  readonly deviceId: string;
  readonly username: string;
  readonly password: string;
  readonly mqttUrl: string;
};

/**
 * One MQTT connection, packet by packet, with nothing done for it: no reconnect, no retry, no queue. What a press came to is
 * therefore exactly what the gateway did.
 */
export type DeviceLink = {
  /** One PUBLISH on `zj/v1/{deviceId}/alarm` with QoS 1; resolves with whether its PUBACK came before the connection ended. */
  readonly press: (message?: Payload) => Promise<boolean>;
  /** The same on any topic; a QoS 0 resolves once it is handed to the kernel. */
  readonly publish: (topic: string, payload: Payload, qos?: 0 | 1) => Promise<boolean>;
  /** The SUBACK's return code, 0x80 when refused; undefined when the connection ended before. */
  readonly subscribe: (filter: string) => Promise<number | undefined>;
  /** PUBLISH packets that came down, in order; each was acknowledged. */
  readonly messages: readonly { readonly topic: string; readonly payload: string }[];
  /** Reads no more: what the gateway sends piles up in the kernel and then in the gateway. */
  readonly stall: () => void;
  readonly isClosed: () => boolean;
  /** Without a DISCONNECT, as a lost network does. */
  readonly cut: () => void;
  readonly socket: Socket;
};

export type Payload = string | Uint8Array | Readonly<Record<string, unknown>>;

export type ConnectOptions = Partial<
  Pick<IConnectPacket, 'clientId' | 'clean' | 'keepalive' | 'will' | 'username' | 'password'>
>;

/** Connects as the device; rejects when the connection ends before CONNACK 0. It ends with the test. */
export async function connectDevice(device: Credentials, options: ConnectOptions = {}): Promise<DeviceLink> {
  const { hostname, port } = new URL(device.mqttUrl);
  const socket = connect(Number(port), hostname);
  afterwards(() => void socket.destroy());
  const messages: { topic: string; payload: string }[] = [];
  const waiting = new Map<string, (packet: Packet | undefined) => void>();
  let lastMessageId = 0;
  let isClosed = false;

  const answerTo = (key: string): Promise<Packet | undefined> =>
    isClosed ? Promise.resolve(undefined) : new Promise((resolve) => void waiting.set(key, resolve));
  const send = (packet: Packet): void => void socket.write(generate(packet));
  const nextId = (): number => {
    lastMessageId = (lastMessageId % 65_535) + 1;
    return lastMessageId;
  };

  const reader = parser();
  reader.on('packet', (packet: Packet) => {
    if (packet.cmd === 'publish') {
      messages.push({ topic: packet.topic, payload: packet.payload.toString() });
      if (packet.qos > 0) send({ cmd: 'puback', messageId: packet.messageId ?? 0 });
      return;
    }
    const key = `${packet.cmd} ${packet.messageId ?? ''}`;
    waiting.get(key)?.(packet);
    waiting.delete(key);
  });
  socket.on('data', (chunk: Buffer) => reader.parse(chunk));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isClosed = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  });

  send({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId: device.deviceId,
    keepalive: 0,
    username: device.username,
    password: Buffer.from(device.password),
    ...options,
  });
  const connack = await answerTo('connack ');
  if (connack?.cmd !== 'connack' || connack.returnCode !== 0)
    throw new Error('The gateway did not take the connection');

  const publish = async (topic: string, payload: Payload, qos: 0 | 1 = 1): Promise<boolean> => {
    const bytes =
      typeof payload === 'string' || payload instanceof Uint8Array ? Buffer.from(payload) : JSON.stringify(payload);
    const packet = { cmd: 'publish', topic, payload: bytes, qos, dup: false, retain: false } as const;
    if (qos === 0) {
      return new Promise((resolve) => {
        socket.write(generate(packet), (error) => resolve(error === undefined || error === null));
      });
    }
    const messageId = nextId();
    const answer = answerTo(`puback ${messageId}`);
    send({ ...packet, messageId });
    return (await answer) !== undefined;
  };
  return {
    press: (message = { type: 'sos' }) => publish(`zj/v1/${device.deviceId}/alarm`, message),
    publish,
    subscribe: async (filter) => {
      const messageId = nextId();
      const answer = answerTo(`suback ${messageId}`);
      send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: filter, qos: 1 }] });
      const packet = await answer;
      return packet?.cmd === 'suback' ? Number(packet.granted[0]) : undefined;
    },
    messages,
    stall: () => void socket.pause(),
    isClosed: () => isClosed,
    cut: () => void socket.destroy(),
    socket,
  };
}
