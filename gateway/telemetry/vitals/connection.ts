import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { takeLeave } from '../../store/postgres.ts';
import type { WriterClient } from '../observations/writer-port.ts';

/** The writer's own connection. */
export type WriterConnection = WriterClient & {
  /** Rows that were taken. The transaction around it is the caller's. Throws as `pg` does. */
  readonly copy: (sql: string, bytes: Buffer) => Promise<number>;
  readonly isBroken: () => boolean;
  /** Politely, when nothing runs; a server that does not answer is not waited for. */
  readonly leave: () => Promise<void>;
  /** At once: a server that stands still is not waited for. Whatever runs is rejected. */
  readonly cut: () => void;
};

const CONNECT_TIMEOUT_MS = 3_000;
/** A batch takes milliseconds; chosen. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Chosen: who makes or drops a day holds its lock for less. */
const LOCK_TIMEOUT_MS = 10_000;

export async function connectWriter(options: {
  readonly databaseUrl: string;
  readonly applicationName: string;
  readonly onBroken: () => void;
}): Promise<WriterConnection> {
  const client = new pg.Client({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  let isBroken = false;
  const breakOff = (): void => {
    if (isBroken) return;
    isBroken = true;
    options.onBroken();
  };
  // Without a listener a server that goes away would end the thread; what was running is rejected besides.
  client.on('error', breakOff);
  client.on('end', breakOff);
  await client.connect();
  return {
    query: (text, values) => client.query(text, values),
    copy: (sql, bytes) => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const stream = client.query(copyFrom(sql));
      stream.once('error', reject);
      stream.once('finish', () => resolve(stream.rowCount));
      stream.end(bytes);
      return promise;
    },
    isBroken: () => isBroken,
    leave: () => takeLeave(client),
    cut: () => {
      breakOff();
      client.connection.stream.destroy();
    },
  };
}
