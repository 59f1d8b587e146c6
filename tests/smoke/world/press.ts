import { connect } from 'node:net';
import { generate, parser, type IConnectPacket, type Packet } from 'mqtt-packet';
import { afterwards } from '../../harness/cleanup.ts';
import { until } from '../../harness/until.ts';
import type { Credentials, Payload } from './device.ts';

export type PressOptions = {
  readonly qos?: 0 | 1 | 2;
  readonly dup?: boolean;
  /** Of the PUBLISH; a device that sends again uses the same. */
  readonly messageId?: number;
  /** Null: the CONNECT has none. */
  readonly username?: string | null;
  readonly password?: string | null;
  readonly clientId?: string;
  /** Device that the topic names, when it is another than the one that connects. */
  readonly about?: string;
  /** Source address, one of the loopback's. */
  readonly from?: string;
  /** How long it waits for each answer. */
  readonly timeoutMs?: number;
};

/**
 * One press of one device on a connection of its own, every bit of the PUBLISH chosen; resolves when the gateway has
 * acknowledged it as its QoS asks (QoS 0: when it has answered a ping behind it). The network is cut then, without a DISCONNECT.
 */
export async function pressOnce(device: Credentials, payload: Payload, options: PressOptions = {}): Promise<void> {
  const { qos = 1, dup = false, messageId = 1, clientId = device.deviceId, about = device.deviceId } = options;
  const { username = device.username, password = device.password } = options;
  const { hostname, port } = new URL(device.mqttUrl);
  const socket = connect({ host: hostname, port: Number(port), localAddress: options.from });
  afterwards(() => void socket.destroy());
  socket.on('error', () => undefined);
  const received: Packet[] = [];
  const reader = parser();
  reader.on('packet', (packet: Packet) => received.push(packet));
  socket.on('data', (chunk: Buffer) => reader.parse(chunk));
  const send = (packet: Packet): void => void socket.write(generate(packet));
  const need = (cmd: Packet['cmd']) =>
    until(() => received.find((packet) => packet.cmd === cmd), {
      timeoutMs: options.timeoutMs ?? 30_000,
      what: `a ${cmd}`,
      everyMs: 2,
    });

  const hello: IConnectPacket = {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: true,
    clientId,
    keepalive: 0,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: Buffer.from(password) }),
  };
  send(hello);
  await need('connack');
  const bytes =
    typeof payload === 'string' || payload instanceof Uint8Array ? Buffer.from(payload) : JSON.stringify(payload);
  send({
    cmd: 'publish',
    topic: `zj/v1/${about}/alarm`,
    payload: bytes,
    qos,
    dup,
    retain: false,
    ...(qos === 0 ? {} : { messageId }),
  });
  if (qos === 1) await need('puback');
  if (qos === 2) {
    await need('pubrec');
    send({ cmd: 'pubrel', messageId });
    await need('pubcomp');
  }
  if (qos === 0) {
    // Packets of one connection are taken in order: an answered ping is behind the press.
    send({ cmd: 'pingreq' });
    await need('pingresp');
  }
  socket.destroy();
}
