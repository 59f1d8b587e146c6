import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { LinkError } from '../link-error.ts';

export type ListenOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** PEM; with it the port speaks TLS only. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly connectTimeoutMs: number;
};

/** A dead peer behind a silent network is found after this and nine probes. Chosen. */
const TCP_PROBE_AFTER_MS = 60_000;

/** Listens and hands over sockets that are ready to be read. Rejects with LinkError. */
export async function listen(
  options: ListenOptions,
  onSocket: (socket: Socket) => void,
  onError: (error: Error) => void,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  // Half-open: a client that has said all it will say may still wait for its acknowledgement.
  const tcp = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_PROBE_AFTER_MS };
  const server: Server =
    options.tls === undefined
      ? createServer(tcp, onSocket)
      : createTlsServer({ ...tcp, ...options.tls, handshakeTimeout: options.connectTimeoutMs }, onSocket);
  // Before a handshake is done there is no socket of ours to hear it.
  server.on('tlsClientError', (error: Error) => onError(error));
  await new Promise<void>((resolve, reject) => {
    const address = `${options.host}:${options.port}`;
    server.once('error', (error: NodeJS.ErrnoException) => reject(LinkError.ofListen(error, address)));
    server.listen(options.port, options.host, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', onError);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
