import { chmod, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { ConfigError } from '../config-error.ts';
import { claimSocketPath, releaseSocketPath } from './local-socket-path.ts';

/**
 * The door of the `zhuji` command: a unix socket of mode 0600 in the data folder. Only the account that runs the gateway
 * (and root) can open it, which is why it needs no password; `owns` tells its connections from those of the network.
 */
export class LocalSocket {
  readonly #dataDir: string;
  readonly #server: Server;
  readonly #sockets = new WeakSet<Socket>();
  #path: string | undefined;

  constructor(dataDir: string, handler: RequestListener) {
    this.#dataDir = dataDir;
    this.#server = createServer(handler);
    this.#server.on('connection', (socket: Socket) => this.#sockets.add(socket));
  }

  owns(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /** @throws ConfigError `in-use` when another gateway runs on the same data folder */
  async start(): Promise<string> {
    if (this.#path !== undefined) return this.#path;
    const path = await claimSocketPath(this.#dataDir, tmpdir());
    if (await isAnswering(path)) {
      throw new ConfigError([
        { code: 'in-use', key: 'ZHUJI_DATA', value: this.#dataDir, reason: 'another gateway runs on this data folder' },
      ]);
    }
    await rm(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(path, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    await chmod(path, 0o600);
    this.#path = path;
    return path;
  }

  async stop(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    this.#path = undefined;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    await releaseSocketPath(this.#dataDir, path);
  }
}

/** A socket file of a killed gateway refuses; one that answers has a living gateway behind it. */
function isAnswering(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}
