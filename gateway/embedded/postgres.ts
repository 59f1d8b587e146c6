import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { openDataFolder } from './data-folder.ts';
import { createEmbeddedServer, type EmbeddedServer, type Prepared } from './embedded-server.ts';
import { chooseAccount, type RootWay } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { openCluster, readVersion } from './postgres-cluster.ts';
import { POSTGRES_NAME, POSTGRES_PORT, formatDatabaseUrl, planPostgresArgs } from './postgres-settings.ts';
import { findByFolder, type ProcessRef } from './processes.ts';
import { closeSocketFolder, openSocketFolder } from './socket-folder.ts';

/** What PostgreSQL says while a process of its predecessor lives, or is dead and not collected yet (its miscinit.c). */
const HELD_UP = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/;

export type EmbeddedPostgresOptions = {
  readonly dataDir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  /** More server settings; tests switch fsync off here. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly rootWays?: readonly RootWay[];
  /** Where sockets go whose path would be too long. */
  readonly tmpDir?: string;
};

/** A PostgreSQL of the gateway's own in `<dataDir>/postgres`, on a socket in `<dataDir>/sockets`. */
export function createEmbeddedPostgres(options: EmbeddedPostgresOptions): EmbeddedServer {
  return createEmbeddedServer(() => prepare(options), options.logger, options.clock);
}

/** Whether an earlier start made its data. */
export async function hasCluster(dataDir: string): Promise<boolean> {
  return (await readVersion(join(dataDir, 'postgres'))) !== undefined;
}

/** Where the database of a gateway that runs on this folder answers; null where there is none. */
export async function findDatabaseUrl(dataDir: string): Promise<string | null> {
  if (!(await hasCluster(dataDir))) return null;
  return formatDatabaseUrl(await openSocketFolder(await realpath(dataDir), tmpdir()));
}

async function prepare(options: EmbeddedPostgresOptions): Promise<Prepared> {
  const dataDir = await openDataFolder(options.dataDir);
  const sockets = await openSocketFolder(dataDir, options.tmpDir ?? tmpdir());
  const binaries = await findPostgresBinaries();
  const data = join(dataDir, 'postgres');
  const account = await chooseAccount(binaries.postgres, dataDir, options.rootWays);
  await openCluster(data, binaries, account);
  const args = planPostgresArgs({ data, sockets }, options.settings);
  const [command = '', ...rest] = [...account.prefix, binaries.postgres, ...args];
  const exe = await realpath(binaries.postgres);
  const isSame = (found: ProcessRef) => found.exe === exe && found.argv?.slice(1).join('\0') === args.join('\0');
  return {
    url: formatDatabaseUrl(sockets),
    afterStart: () => makeDatabase(sockets),
    afterStop: () => closeSocketFolder(dataDir, sockets),
    spec: {
      name: 'postgres',
      command,
      args: rest,
      folder: data,
      logPath: join(dataDir, 'postgres.log'),
      find: () => findByFolder(data, ['postgres'], join(data, 'postmaster.pid')),
      isCurrent: (found) => found.argv === undefined || isSame(found),
      isReady: () => isReady(sockets, data),
      isHeldUp: (logTail) => HELD_UP.test(logTail.trimEnd().split('\n').at(-1) ?? ''),
      // Fast shutdown, immediate shutdown, and out (PostgreSQL manual, 18.5).
      stopSignals: [
        { signal: 'SIGINT', waitMs: 10_000 },
        { signal: 'SIGQUIT', waitMs: 5_000 },
        { signal: 'SIGKILL', waitMs: 5_000 },
      ],
    },
  };
}

function connect(host: string, database: string): pg.Client {
  const client = new pg.Client({
    host,
    port: POSTGRES_PORT,
    user: POSTGRES_NAME,
    database,
    connectionTimeoutMillis: 3000,
    query_timeout: 3000,
  });
  // A connection that breaks while idle must not end the process; the query in flight rejects by itself.
  client.on('error', () => undefined);
  return client;
}

async function isReady(sockets: string, data: string): Promise<boolean> {
  const client = connect(sockets, 'postgres');
  try {
    await client.connect();
    const { rows } = await client.query<{ path: string }>(`SELECT current_setting('data_directory') AS path`);
    return rows[0]?.path === data;
  } catch {
    // Not ready yet, or another's: asked again until the start is given up, which is told.
    return false;
  } finally {
    await client.end();
  }
}

async function makeDatabase(sockets: string): Promise<void> {
  const client = connect(sockets, 'postgres');
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [POSTGRES_NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${POSTGRES_NAME}`);
  } finally {
    await client.end();
  }
}
