import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Later } from '../ports.ts';
import { Admission } from './admission.ts';
import { BoundedStream, type CutReason } from './bounded-stream.ts';
import type { Connection } from './connect-handler.ts';
import type { MqttCounters } from './counters.ts';
import type { InFlight } from '../in-flight.ts';
import type { MqttLimits } from './limits.ts';
import { settledWithin } from '../settled.ts';
import { isWorthALine } from '../worth-a-line.ts';

type Dependencies = {
  readonly limits: MqttLimits;
  readonly inFlight: InFlight;
  readonly counters: MqttCounters;
  readonly logger: Logger;
  /** Whether a connection may be given up for a newcomer: it has not proved who it is. */
  readonly isExpendable: (connection: Connection) => boolean;
  /** Whether a packet was taken out of the broker's way. */
  readonly takeAside: (connection: Connection, packet: Buffer) => boolean;
  readonly later: Later;
};

/** Connections over the bound while those that made room for them still hand over what they had sent. Chosen. */
const LEAVING = 64;

/** Every open socket behind its bounds, from accept to close. */
export class Connections {
  readonly #deps: Dependencies;
  readonly #admission: Admission;
  /** Oldest first. */
  readonly #open = new Set<Connection>();
  readonly #ofStream = new WeakMap<object, Connection>();

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    this.#admission = new Admission(dependencies.limits);
  }

  get count(): number {
    return this.#admission.total;
  }

  ofStream(stream: object): Connection | undefined {
    return this.#ofStream.get(stream);
  }

  /** Undefined when a bound refuses the socket; it is closed then. */
  admit(socket: Socket): Connection | undefined {
    const { counters, logger } = this.#deps;
    const address = socket.remoteAddress ?? 'gone';
    let refusal = this.#admission.refusal(address);
    if (refusal === 'too-many' && this.#giveUpOne()) refusal = undefined;
    if (refusal !== undefined) {
      counters.refusedConnections += 1;
      if (isWorthALine(counters.refusedConnections)) {
        logger.error({ reason: refusal, refusedConnections: counters.refusedConnections }, 'connections refused');
      }
      // It is refused and counted; what still happens to it is no news.
      socket.on('error', () => socket.destroy());
      socket.destroy();
      return undefined;
    }
    counters.accepted += 1;
    this.#admission.admit(address);
    const connection = this.#create(socket, `${address}:${socket.remotePort ?? 0}`);
    this.#open.add(connection);
    this.#ofStream.set(connection.stream, connection);
    connection.stream.once('close', () => {
      this.#open.delete(connection);
      this.#admission.release(address);
    });
    return connection;
  }

  /** Cuts every connection; what they had sent has, at most, so long to be passed on. */
  async cutAll(reason: CutReason, graceMs: number): Promise<void> {
    const streams = [...this.#open].map(({ stream }) => stream);
    const closed = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
    for (const stream of streams) stream.cut(reason);
    await settledWithin(graceMs, closed);
    for (const stream of streams) stream.destroy();
  }

  #create(socket: Socket, peer: string): Connection {
    const { limits, inFlight, counters, logger, takeAside, later } = this.#deps;
    const account = { bytes: 0 };
    const resume = (): void => stream.resumeReading();
    const stream = new BoundedStream(socket, {
      outgoingBytes: limits.outgoingBytesPerConnection,
      packetTimeoutMs: limits.packetTimeoutMs,
      mayRead: () => inFlight.mayRead(account),
      owesAck: () => account.bytes > 0,
      whenRoom: () => inFlight.whenRoom(resume),
      onCut: (reason) => {
        counters.cut += 1;
        if (reason !== 'stopped') logger.warn({ reason, cut: counters.cut }, 'connection cut');
      },
      onPayloadCut: (count) => {
        counters.payloadsCut += count;
      },
      takeAside: (packet) => takeAside(connection, packet),
      later,
    });
    const connection = { stream, peer, account };
    stream.once('close', () => inFlight.forget(resume));
    return connection;
  }

  /** Strangers must not be able to lock the registered devices out: the oldest of them with nothing at the door goes. */
  #giveUpOne(): boolean {
    if (this.#admission.total >= this.#deps.limits.connections + LEAVING) return false;
    for (const connection of this.#open) {
      if (connection.stream.cutReason !== undefined) continue;
      if (connection.account.bytes > 0 || !this.#deps.isExpendable(connection)) continue;
      connection.stream.cut('too-many');
      return true;
    }
    return false;
  }
}
