import pg from 'pg';
import type { Logger } from 'pino';
import { asStoreError, StoreError } from './store-error.ts';

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
/** A server that is there takes leave at once (chosen). */
const LEAVE_MS = 1_000;

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

/**
 * Runs `work` in one transaction on one connection; whatever it throws rolls back. Beyond `limitMs` the connection is cut,
 * so that a server which stands still holds nobody up for each of the statements; what was to be committed just then may
 * have been. @throws StoreError, or work's own error
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  action: string,
  work: (db: Queryable) => Promise<T>,
  mode = 'isolation level read committed',
  limitMs?: number,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asStoreError(action, error);
  });
  // A connection that breaks while it is ours says so here too; the statement under way fails by itself.
  const ignoreBreak = (): void => undefined;
  client.on('error', ignoreBreak);
  let isUsable = false;
  let isCut = false;
  const cutTimer =
    limitMs === undefined
      ? undefined
      : setTimeout(() => {
          isCut = true;
          client.release(true);
        }, limitMs);
  try {
    await queryRows(client, action, `begin transaction ${mode}`);
    const result = await work(client);
    await queryRows(client, action, 'commit');
    isUsable = true;
    return result;
  } catch (error) {
    if (isCut) throw new StoreError(action, 'timeout');
    isUsable = !isAway(error) && (await rollBack(client));
    throw error;
  } finally {
    clearTimeout(cutTimer);
    if (!isCut) {
      client.off('error', ignoreBreak);
      client.release(!isUsable);
    }
  }
}

/** Ends connections; a server that does not answer is not waited for. */
export function takeLeave(of: { readonly end: () => Promise<void> }): Promise<void> {
  return waitAtMost(LEAVE_MS, of.end());
}

/** Waits for something, but no longer than that; how it ends later is for somebody else. Rejects as it does. */
export async function waitAtMost(ms: number, wanted: Promise<void> | undefined): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const lateTimer = setTimeout(resolve, ms);
  try {
    await Promise.race([wanted, late]);
  } finally {
    clearTimeout(lateTimer);
  }
}

/** Nobody is there to roll back. */
function isAway(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'unavailable';
}

/** Whether the connection may be used again. One that cannot roll back is closed, which rolls back too. */
async function rollBack(client: pg.PoolClient): Promise<boolean> {
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}
