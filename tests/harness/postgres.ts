import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '../../gateway/clock.ts';
import { createEmbeddedPostgres } from '../../gateway/embedded/postgres.ts';
import { migrate } from '../../gateway/store/migrate.ts';
import { afterwards } from './cleanup.ts';
import { workerDir } from './scratch.ts';

/** Nothing in the shared server outlives the run, so it need not wait for the disk. */
const HASTY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };
const TEMPLATE = 'migrated';

let serverUrl: Promise<string> | undefined;

/** A database of the test's own: migrated, or empty. */
export async function createDatabase({ migrated = true } = {}): Promise<{
  readonly databaseUrl: string;
  /** Ends all its connections and removes it; happens by itself after the test. */
  readonly drop: () => Promise<void>;
  /** Copies it as it is; what is answered puts the copy in its place, like a dump that is restored. Once. */
  readonly keep: () => Promise<() => Promise<void>>;
  /** Puts an empty one in its place. */
  readonly empty: () => Promise<void>;
}> {
  serverUrl ??= startServer();
  const url = await serverUrl;
  const name = `t_${randomBytes(8).toString('hex')}`;
  // Half the work of the default, which writes every page to the log.
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${migrated ? TEMPLATE : 'template1'} STRATEGY file_copy`);
  const drop = () => execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  afterwards(drop);
  const empty = async (): Promise<void> => {
    await drop();
    await execute(url, `CREATE DATABASE ${name} TEMPLATE template1`);
  };
  const keep = async (): Promise<() => Promise<void>> => {
    const copy = `${name}_${randomBytes(4).toString('hex')}`;
    // It can only be copied while nobody is in it.
    await execute(url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await execute(url, `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '${name}'`);
    await execute(url, `CREATE DATABASE ${copy} TEMPLATE ${name}`);
    await execute(url, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    afterwards(() => execute(url, `DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`));
    return async () => {
      await drop();
      await execute(url, `ALTER DATABASE ${copy} RENAME TO ${name}`);
    };
  };
  return { databaseUrl: withDatabase(url, name), drop, keep, empty };
}

async function startServer(): Promise<string> {
  const logger = pino({ level: 'silent' });
  const server = createEmbeddedPostgres({ dataDir: workerDir(), logger, clock: systemClock, settings: HASTY });
  const url = await server.start();
  // Made under another name first: a template that is there is complete.
  if (!(await hasDatabase(url, TEMPLATE))) {
    await execute(url, 'DROP DATABASE IF EXISTS migrating WITH (FORCE)');
    await execute(url, 'CREATE DATABASE migrating');
    await migrate(withDatabase(url, 'migrating'));
    await execute(url, `ALTER DATABASE migrating RENAME TO ${TEMPLATE}`);
  }
  return url;
}

function withDatabase(url: string, name: string): string {
  return url.replace(/[^/]*$/, name);
}

async function hasDatabase(url: string, name: string): Promise<boolean> {
  return withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    return rowCount === 1;
  });
}

function execute(url: string, sql: string): Promise<void> {
  return withClient(url, async (client) => {
    await client.query(sql);
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
