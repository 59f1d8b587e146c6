import { tmpdir } from 'node:os';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { openDataFolder } from './data-folder.ts';
import { createDataLock } from './data-lock.ts';
import { createEmbeddedPostgres, hasCluster } from './postgres.ts';
import { createEmbeddedRedis } from './redis.ts';
import { startPatiently } from './patient-start.ts';
import { openSocketFolder } from './socket-folder.ts';

export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The process that whoever wants this folder is told of; this one unless told otherwise. */
  readonly ownerPid?: number;
  /** Which servers are ours; both unless told otherwise. */
  readonly postgres?: boolean;
  readonly redis?: boolean;
};

export type Embedded = {
  /**
   * Takes the data folder for this gateway and starts or adopts its servers; again does nothing. What is not ours is null.
   * @throws {EmbeddedError} and leaves nothing running that it started
   */
  readonly start: () => Promise<{ readonly databaseUrl: string | null; readonly redisUrl: string | null }>;
  /** Stops both servers, at most about 20 s long, and gives the folder free. */
  readonly stop: () => Promise<void>;
  readonly isUp: () => { readonly postgres: boolean; readonly redis: boolean };
};

/** A PostgreSQL that was killed reads its log first; the gateway can do without it. Chosen. */
const POSTGRES_LIMIT_MS = 30_000;

/** The data folder with what runs in it. With both servers elsewhere it is still the lock on the folder. */
export function createEmbedded(options: EmbeddedOptions): Embedded {
  const { dataDir, logger, clock, postgres = true, redis = true } = options;
  const lock = createLazyLock(dataDir, options.ownerPid ?? process.pid);
  const ownPostgres = postgres ? createEmbeddedPostgres({ dataDir, logger, clock }) : undefined;
  const patientPostgres =
    ownPostgres === undefined ? undefined : startPatiently(ownPostgres, logger, POSTGRES_LIMIT_MS);
  const ownRedis = redis ? startPatiently(createEmbeddedRedis({ dataDir, logger, clock }), logger) : undefined;

  /** To be thrown; of both servers' faults the second one would be lost, so it is said here. */
  function firstReason(results: readonly PromiseSettledResult<unknown>[]): unknown {
    const [first, ...others] = results.filter((result) => result.status === 'rejected');
    for (const { reason } of others)
      logger.error({ err: reason, code: errorCode(reason) }, 'an embedded server failed');
    return first?.reason;
  }

  async function stop(): Promise<void> {
    const results = await Promise.allSettled([patientPostgres?.stop(), ownRedis?.stop()]);
    lock.release();
    if (results.some(({ status }) => status === 'rejected')) throw firstReason(results);
  }

  return {
    async start() {
      const folder = await lock.acquire();
      // Chosen once, before the two servers ask for it side by side.
      await openSocketFolder(folder, tmpdir());
      // The first start says why it fails; later ones go on without it, as on a full disk.
      const postgresNow = (await hasCluster(folder)) ? patientPostgres : ownPostgres;
      const [database, stream] = await Promise.allSettled([postgresNow?.start(), ownRedis?.start()]);
      if (database.status === 'fulfilled' && stream.status === 'fulfilled') {
        return { databaseUrl: database.value ?? null, redisUrl: stream.value ?? null };
      }
      await stop();
      throw firstReason([database, stream]);
    },
    stop,
    isUp: () => ({ postgres: ownPostgres?.isUp() ?? true, redis: ownRedis?.isUp() ?? true }),
  };
}

/** The lock lies in the folder, so it can only be made once the folder is there. */
function createLazyLock(dataDir: string, ownerPid: number) {
  let lock: ReturnType<typeof createDataLock> | undefined;
  return {
    async acquire(): Promise<string> {
      const folder = await openDataFolder(dataDir);
      lock ??= createDataLock(folder, ownerPid);
      await lock.acquire();
      return folder;
    },
    release(): void {
      lock?.release();
    },
  };
}
