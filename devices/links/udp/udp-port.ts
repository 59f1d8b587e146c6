import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Logger } from 'pino';
import type { Account, InFlight } from '../in-flight.ts';
import { LinkError } from '../link-error.ts';
import { isWorthALine } from '../worth-a-line.ts';
import { PeerAccounts } from './peer-accounts.ts';

/** What a port did; all of it only grows. */
export type UdpCounters = {
  datagrams: number;
  /** Not taken, because too much of that peer waits at the door already. It sends again what it gets no answer to. */
  datagramsDropped: number;
};

/** One datagram and the way back. */
export type Datagram = {
  readonly bytes: Uint8Array;
  /** `address:port`. */
  readonly peer: string;
  readonly account: Account;
  /** Lost where the network loses it; the sender asks again by sending again. */
  readonly answer: (bytes: Uint8Array) => void;
};

export type UdpPortOptions = {
  /** An IP address. */
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** In log lines. */
  readonly name: string;
  readonly inFlight: InFlight;
  readonly counters: UdpCounters;
  readonly logger: Logger;
  readonly take: (datagram: Datagram) => void;
};

export type UdpPort = {
  readonly port: number;
  /** Takes nothing more; answers still go out. */
  readonly refuse: () => void;
  readonly close: () => Promise<void>;
};

/** What the kernel keeps of a burst until we come round; it may grant less. Chosen. */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;

/** Listens for a protocol over UDP. A peer that has nothing at the door is always heard. Rejects with LinkError. */
export async function openUdpPort(options: UdpPortOptions): Promise<UdpPort> {
  const { name, inFlight, counters, logger } = options;
  const accounts = new PeerAccounts();
  const socket = createSocket({
    type: isIPv6(options.address) ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER_BYTES,
  });
  let isRefusing = false;
  let closed: Promise<void> | undefined;

  function take(bytes: Uint8Array, { address, port }: RemoteInfo): void {
    if (isRefusing) return;
    counters.datagrams += 1;
    const peer = `${address}:${port}`;
    const account = accounts.of(peer);
    if (!inFlight.mayRead(account)) {
      counters.datagramsDropped += 1;
      if (isWorthALine(counters.datagramsDropped)) {
        logger.error({ link: name, datagramsDropped: counters.datagramsDropped }, 'too much waits, datagrams dropped');
      }
      return;
    }
    options.take({ bytes, peer, account, answer: (answer) => send(answer, port, address) });
  }

  function send(bytes: Uint8Array, port: number, address: string): void {
    if (closed !== undefined) return;
    socket.send(bytes, port, address, (error) => {
      if (error !== null) logger.debug({ link: name, reason: error.message }, 'an answer was not sent');
    });
  }

  await bind(socket, options);
  socket.on('error', (error) => logger.error({ err: error, link: name }, 'a port reports a fault'));
  socket.on('message', take);
  return {
    port: socket.address().port,
    refuse: () => {
      isRefusing = true;
    },
    close: () => {
      closed ??= new Promise((resolve) => {
        socket.close(() => resolve());
      });
      return closed;
    },
  };
}

function bind(socket: Socket, { port, address, name }: UdpPortOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      socket.close();
      reject(LinkError.ofListen(error, `${address}:${port} (UDP)`, name));
    };
    socket.once('error', fail);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}
