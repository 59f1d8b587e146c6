import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { InFlight } from '../in-flight.ts';
import { isWorthALine } from '../worth-a-line.ts';
import { TcpConnection, type ByteTaker } from './connection.ts';
import { Connections } from './connections.ts';
import type { TcpLimits } from './limits.ts';
import { listen } from './listener.ts';

/** What a port did; all of it only grows. */
export type TcpCounters = {
  accepted: number;
  /** Closed at once for want of room. */
  refusedConnections: number;
  cut: number;
};

export type TcpPortOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** In log lines. */
  readonly name: string;
  readonly limits: TcpLimits;
  readonly inFlight: InFlight;
  readonly counters: TcpCounters;
  readonly logger: Logger;
  /** What is to be done with the bytes of a connection that was let in. */
  readonly open: (connection: TcpConnection) => ByteTaker;
};

export type TcpPort = {
  readonly port: number;
  /** As bound: an IP address. */
  readonly address: string;
  readonly connections: () => number;
  /** Takes no further connection; those that stand go on. */
  readonly refuse: () => void;
  /** Ends every connection; resolves when none is left. */
  readonly close: () => Promise<void>;
};

/** Listens for a protocol over TCP, behind the bounds of `limits`. Rejects with LinkError. */
export async function openTcpPort(options: TcpPortOptions): Promise<TcpPort> {
  const { name, limits, inFlight, counters, logger } = options;
  const connections = new Connections(limits);

  function admit(socket: Socket): void {
    const address = socket.remoteAddress ?? 'gone';
    if (!connections.makeRoom(address)) {
      refuse(socket);
      return;
    }
    counters.accepted += 1;
    const peer = `${address}:${socket.remotePort ?? 0}`;
    const connection: TcpConnection = new TcpConnection(socket, peer, limits, inFlight, {
      onHeard: () => connections.heard(connection),
      onCut: (reason) => {
        counters.cut += 1;
        connections.leaves(connection);
        logger.debug({ link: name, reason, cut: counters.cut }, 'connection cut');
      },
      onGone: () => connections.remove(connection),
    });
    connections.add(connection, address);
    connection.start(options.open(connection));
  }

  function refuse(socket: Socket): void {
    counters.refusedConnections += 1;
    if (isWorthALine(counters.refusedConnections)) {
      logger.error({ link: name, refusedConnections: counters.refusedConnections }, 'connections refused');
    }
    // It is refused and counted; what still happens to it is no news.
    socket.on('error', () => socket.destroy());
    socket.destroy();
  }

  const listener = await listen(
    {
      name,
      host: options.host,
      port: options.port,
      connectTimeoutMs: limits.firstFrameTimeoutMs,
      connections: Infinity,
    },
    admit,
    (error) => logger.error({ err: error, link: name }, 'a listener reports a fault'),
    // Without TLS there is no handshake that could fail.
    () => undefined,
  );
  return {
    port: listener.port,
    address: listener.address,
    connections: () => connections.count,
    refuse: listener.refuse,
    close: listener.close,
  };
}
