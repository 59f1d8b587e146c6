import { connect, type Socket } from 'node:net';
import { generate } from 'mqtt-packet';

/** PUBACK and CONNACK, all that a server says to a client that subscribes to nothing, are four bytes long (MQTT 3.1.1 §3.2, §3.4). */
const ANSWER_BYTES = 4;
const CONNACK = 0x20;
const PUBACK = 0x40;

/** A device on a bare socket: nothing of it but the packets. */
export class BenchClient {
  readonly number: number;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, () => void>();
  readonly #connected = Promise.withResolvers<void>();
  #half: Buffer = Buffer.alloc(0);
  #packetId = 0;

  constructor(port: number, number: number) {
    this.number = number;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (error) => this.#connected.reject(error));
    this.#socket.on('close', () => this.#connected.reject(new Error(`client ${number} was cut off`)));
    // One that was connected and is cut later is told by what is never acknowledged.
    this.#connected.promise.catch(() => undefined);
    this.#socket.write(
      generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: true,
        keepalive: 0,
        clientId: nameOf(number),
        username: nameOf(number),
        password: Buffer.from(secretOf(number)),
      }),
    );
  }

  connected(): Promise<void> {
    return this.#connected.promise;
  }

  /** QoS 1; `onAck` when it is acknowledged. */
  send(subtopic: 'alarm' | 'vitals', payload: string, onAck: () => void): void {
    this.#packetId = (this.#packetId % 65_535) + 1;
    this.#waiting.set(this.#packetId, onAck);
    const topic = `zj/v1/${nameOf(this.number)}/${subtopic}`;
    this.#socket.write(
      generate({ cmd: 'publish', qos: 1, messageId: this.#packetId, topic, payload, dup: false, retain: false }),
    );
  }

  waiting(): number {
    return this.#waiting.size;
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(bytes: Buffer): void {
    const all = this.#half.length === 0 ? bytes : Buffer.concat([this.#half, bytes]);
    let at = 0;
    for (; at + ANSWER_BYTES <= all.length; at += ANSWER_BYTES) {
      const kind = all[at];
      if (kind === CONNACK) this.#connected.resolve();
      else if (kind === PUBACK) this.#acked(all.readUInt16BE(at + 2));
      else throw new Error(`client ${this.number} was told something else: ${kind}`);
    }
    this.#half = all.subarray(at);
  }

  #acked(id: number): void {
    const onAck = this.#waiting.get(id);
    this.#waiting.delete(id);
    onAck?.();
  }
}

export function nameOf(number: number): string {
  return `bench-${number}`;
}

export function secretOf(number: number): string {
  return `secret-of-bench-${number}`;
}
