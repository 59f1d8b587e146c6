import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LinkError } from '../link-error.ts';

export type ListenOptions = {
  /** Of the link, in its errors. */
  readonly name: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; with it the port speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly connectTimeoutMs: number;
  readonly connections: number;
};

/** A dead peer behind a silent network is found after this and nine probes. Chosen. */
const TCP_PROBE_AFTER_MS = 60_000;

export type Listener = {
  readonly port: number;
  /** As bound: an IP address. */
  readonly address: string;
  /** Takes no further connection; those that stand go on. */
  readonly refuse: () => void;
  /** Ends every connection; resolves when none is left. */
  readonly close: () => Promise<void>;
};

/** Chosen: connections above the bound that are let in to be told apart, so that a stranger can make room. */
const NEWCOMERS = 64;

/** Listens and hands over sockets that are ready to be read. Rejects with LinkError. */
export async function listen(
  options: ListenOptions,
  onSocket: (socket: Socket) => void,
  onError: (error: Error) => void,
  onHandshakeError: (error: Error) => void,
): Promise<Listener> {
  // Half-open: a client that has said all it will say may still wait for its acknowledgement.
  const tcp = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_PROBE_AFTER_MS };
  const server: Server =
    options.tls === undefined
      ? createServer(tcp, onSocket)
      : createTlsServer({ ...tcp, ...options.tls, handshakeTimeout: options.connectTimeoutMs }, onSocket);
  // Before its handshake is done a TLS connection is nobody's but ours: it is counted, closed and ended here.
  server.maxConnections = options.connections + NEWCOMERS;
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    onHandshakeError(error);
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    const address = `${options.host}:${options.port}`;
    server.once('error', (error: NodeJS.ErrnoException) => reject(LinkError.ofListen(error, address, options.name)));
    server.listen(options.port, options.host, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', onError);
  let closed: Promise<void> | undefined;
  const listener: Listener = {
    ...addressOf(server),
    refuse: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
    close: async () => {
      listener.refuse();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
  return listener;
}

function addressOf(server: Server): Pick<Listener, 'port' | 'address'> {
  const { port, address } = server.address() as AddressInfo;
  return { port, address };
}
