import pg from 'pg';
import type { Logger } from 'pino';
import { asStoreError } from './store-error.ts';

export type PoolOptions = {
  readonly databaseUrl: string;
  /** As the server's log names us. */
  readonly applicationName: string;
  readonly logger: Logger;
  readonly maxConnections?: number;
  readonly statementTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
};

/** One screen's worth of waiting (chosen): a statement that takes longer has gone wrong. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** A server that is there answers at once; the rest of the gateway goes on without it (chosen). */
const CONNECT_TIMEOUT_MS = 3_000;
const MAX_CONNECTIONS = 10;

/** What runs a statement: the pool, or one connection inside a transaction. */
export type Queryable = {
  readonly query: (text: string, values?: readonly unknown[]) => Promise<{ readonly rows: unknown[] }>;
};

/** A pool; it connects when first asked, and an idle connection that breaks is only logged. The caller ends it. */
export function createPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    application_name: options.applicationName,
    max: options.maxConnections ?? MAX_CONNECTIONS,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    // The server's own bound fails when the server hangs; this one does not.
    query_timeout: statementTimeoutMs + 2_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  pool.on('error', (err) => options.logger.warn({ err }, 'idle postgres connection broke'));
  return pool;
}

/** The rows of one statement. `Row` is what the caller asserts about its own SQL. @throws StoreError */
export async function queryRows<Row>(
  db: Queryable,
  action: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  try {
    const { rows } = await db.query(text, values);
    return rows as Row[];
  } catch (error) {
    throw asStoreError(action, error);
  }
}

/** Runs `work` in one transaction on one connection; whatever it throws rolls back. @throws StoreError, or work's own error */
export async function inTransaction<T>(
  pool: pg.Pool,
  action: string,
  work: (db: Queryable) => Promise<T>,
  mode = 'isolation level read committed',
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asStoreError(action, error);
  });
  // A connection that breaks while it is ours says so here too; the statement under way fails by itself.
  const ignoreBreak = (): void => undefined;
  client.on('error', ignoreBreak);
  let isUsable = false;
  try {
    await queryRows(client, action, `begin transaction ${mode}`);
    const result = await work(client);
    await queryRows(client, action, 'commit');
    isUsable = true;
    return result;
  } catch (error) {
    isUsable = await rollBack(client);
    throw error;
  } finally {
    client.off('error', ignoreBreak);
    client.release(!isUsable);
  }
}

/** Whether the connection may be used again. One that cannot roll back is closed, which rolls back too. */
async function rollBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}
