import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { openDataFolder } from './data-folder.ts';
import { createEmbeddedServer, type EmbeddedServer, type Prepared } from './embedded-server.ts';
import { findByFolder } from './processes.ts';
import { REDIS_NAMES, findRedisBinary } from './redis-binary.ts';
import { REQUIRED_SETTINGS } from '../store/redis-policy.ts';
import { planRedisArgs } from './redis-settings.ts';
import { closeSocketFolder, openSocketFolder } from './socket-folder.ts';

export type EmbeddedRedisOptions = {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Listens on this loopback port too; for tests. */
  readonly port?: number;
  readonly tmpDir?: string;
};

/** A Redis of the gateway's own in `<dataDir>/redis`; its URL is the path of its socket, which ioredis takes. */
export function createEmbeddedRedis(options: EmbeddedRedisOptions): EmbeddedServer {
  return createEmbeddedServer(() => prepare(options), options.logger, options.clock);
}

async function prepare({ dataDir: given, port = 0, tmpDir = tmpdir() }: EmbeddedRedisOptions): Promise<Prepared> {
  const dataDir = await openDataFolder(given);
  const binary = await findRedisBinary();
  const sockets = await openSocketFolder(dataDir, tmpDir);
  const socket = join(sockets, 'redis.sock');
  const folder = join(dataDir, 'redis');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return {
    url: socket,
    afterStart: () => Promise.resolve(),
    afterStop: () => closeSocketFolder(dataDir, sockets),
    spec: {
      name: 'redis',
      command: binary.command,
      argv0: binary.argv0,
      args: planRedisArgs({ folder, socket, port }),
      folder,
      logPath: join(dataDir, 'redis.log'),
      find: () => findByFolder(folder, REDIS_NAMES, join(folder, 'redis.pid')),
      isCurrent: (found) => found.exe === undefined || found.exe === binary.exe,
      isReady: () => isReady(socket, folder),
      stopSignals: [
        { signal: 'SIGTERM', waitMs: 10_000 },
        { signal: 'SIGKILL', waitMs: 5_000 },
      ],
    },
  };
}

/** It answers, works in our folder, has read its log, and still has the settings that make it durable. */
async function isReady(socket: string, folder: string): Promise<boolean> {
  const client = new Redis({
    path: socket,
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    connectTimeout: 2000,
    commandTimeout: 2000,
    maxRetriesPerRequest: 0,
  });
  // What fails rejects below; unheard, the same news would be printed by the library.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.ping();
    const wanted: Record<string, string> = { ...REQUIRED_SETTINGS, dir: folder };
    for (const [name, value] of Object.entries(wanted)) {
      const answer: unknown = await client.config('GET', name);
      if (!Array.isArray(answer) || answer[1] !== value) return false;
    }
    return true;
  } catch {
    // Not ready yet, or another's: asked again until the start is given up, which is told.
    return false;
  } finally {
    client.disconnect();
  }
}
