import type { Pool, PoolClient } from 'pg';
import { asStoreError } from '../../store/store-error.ts';
import { listSchema } from './schema.ts';
import { loadTableKind, TABLE_LOCK, type Db, type TableKind } from './table.ts';

/**
 * What the server has of TimescaleDB.
 * - `ready`: the extension, with its Community features
 * - `limited`: the extension under the Apache licence alone, without them
 * - `absent`: no extension, or none that we may create
 */
export type Timescale = 'ready' | 'limited' | 'absent';

export type Prepared = { readonly kind: TableKind; readonly timescale: Timescale; readonly isMade: boolean };

/**
 * Makes the table as the server can have it; one that is there stays as it is, whatever the server has learnt since. From
 * several gateways at once, and again, harmless. @throws StoreError, `failed` where the server refuses it
 */
export async function prepareObservations(pool: Pool): Promise<Prepared> {
  try {
    const timescale = await loadTimescale(pool);
    return await onClient(pool, (client) => makeTable(client, timescale));
  } catch (error) {
    throw asStoreError('make the table of observations', error);
  }
}

/** In one transaction. */
export async function makeTable(db: Db, timescale: Timescale): Promise<Prepared> {
  await db.query('begin');
  try {
    await db.query('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
    const there = await loadTableKind(db);
    const kind = there ?? (timescale === 'ready' ? 'timescale' : 'native');
    if (there === null) for (const statement of listSchema(kind)) await db.query(statement);
    await db.query('commit');
    return { kind, timescale, isMade: there === null };
  } catch (error) {
    await db.query('rollback');
    throw error;
  }
}

async function loadTimescale(pool: Pool): Promise<Timescale> {
  const found = await onClient(pool, async (client) => {
    const { rows } = await client.query<{ isThere: boolean; isAvailable: boolean }>(
      `select exists (select from pg_extension where extname = 'timescaledb') as "isThere",
         exists (select from pg_available_extensions where name = 'timescaledb') as "isAvailable"`,
    );
    return rows[0];
  });
  if (found?.isThere !== true && (found?.isAvailable !== true || !(await tryToCreate(pool)))) return 'absent';
  return onClient(pool, async (client) => {
    // The first statement of a connection loads the extension, and with it the setting.
    await client.query(`select from pg_extension where extname = 'timescaledb'`);
    const { rows } = await client.query<{ license: string | null }>(
      `select current_setting('timescaledb.license', true) as license`,
    );
    return rows[0]?.license === 'timescale' ? 'ready' : 'limited';
  });
}

/** On a connection of its own: a server that does not preload the library ends it. */
async function tryToCreate(pool: Pool): Promise<boolean> {
  try {
    await onClient(pool, (client) => client.query('create extension if not exists timescaledb'));
    return true;
  } catch (error) {
    const fault = asStoreError('create the extension', error);
    if (fault.code === 'unavailable' || fault.code === 'timeout') throw fault;
    return false;
  }
}

/** A connection that had a fault is not used again. */
async function onClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // What breaks while it is ours says so by the statement that fails.
  const ignoreBreak = (): void => undefined;
  client.on('error', ignoreBreak);
  let isWell = false;
  try {
    const result = await work(client);
    isWell = true;
    return result;
  } finally {
    client.off('error', ignoreBreak);
    client.release(!isWell);
  }
}
