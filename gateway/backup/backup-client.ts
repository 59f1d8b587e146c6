import pg from 'pg';
import { errorCode } from '../errors.ts';
import { takeLeave } from '../store/postgres.ts';
import { BackupError } from './backup-error.ts';

const CONNECT_TIMEOUT_MS = 3_000;

/** One connection without a bound on statements: a COPY takes as long as there are rows. @throws BackupError, or work's error */
export async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    // Not as a gateway's connections are called.
    application_name: 'zhuji-backup',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  // A connection that breaks fails the statement under way; unheard, the same news would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    const message = `PostgreSQL does not answer (${errorCode(error)}); a gateway's own runs as long as the gateway`;
    throw new BackupError('no-server', message, { cause: error });
  }
  try {
    return await work(client);
  } finally {
    await takeLeave(client);
  }
}
