import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ZhujiError } from '../errors.ts';
import { queryRows, takeLeave, type Queryable } from './postgres.ts';
import { asStoreError } from './store-error.ts';

const FOLDER = fileURLToPath(new URL('./migrations/', import.meta.url));
/** Any fixed number: gateways that start together apply each migration once. */
const LOCK = 7_480_001;
const CONNECT_TIMEOUT_MS = 3_000;
/** No migration of ours takes longer; a server that stands still is tried again (chosen). */
const QUERY_TIMEOUT_MS = 10 * 60_000;

/**
 * - `changed`: a migration that was applied reads differently now; restore its file, write a new one instead
 * - `newer`: the database was made by a later version; start that version
 */
export class MigrationError extends ZhujiError {
  declare readonly code: 'changed' | 'newer';
  readonly migration: string;

  constructor(code: 'changed' | 'newer', migration: string) {
    super(
      code,
      code === 'changed'
        ? `migration ${migration} was changed after it was applied`
        : `the database has migration ${migration}, which this version does not know`,
    );
    this.migration = migration;
  }
}

type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

/**
 * Brings a database up to this version: files of `migrations/` in the order of their names, each in a transaction of its
 * own, under an advisory lock. Answers the names it applied; running it again applies nothing. Up to `last`, where a
 * backup of then is to be restored.
 * @throws MigrationError, StoreError
 */
export async function migrate(databaseUrl: string, folder = FOLDER, last: string | null = null): Promise<string[]> {
  const known = await loadMigrations(folder);
  // A connection of its own: a migration may rightly outlast the pool's bound on statements.
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  // A broken connection fails the statement under way; unheard, the same news would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw asStoreError('connect for migrations', error);
  }
  try {
    return await applyAll(client, known, last);
  } finally {
    await takeLeave(client);
  }
}

async function applyAll(db: Queryable, known: readonly Migration[], last: string | null): Promise<string[]> {
  // Held until the connection ends.
  await queryRows(db, 'lock migrations', 'select pg_advisory_lock($1)', [LOCK]);
  await queryRows(
    db,
    'prepare migrations',
    `create table if not exists schema_migrations (
       name text primary key, checksum text not null, applied_at timestamptz not null default now())`,
  );
  const applied = await queryRows<{ name: string; checksum: string }>(
    db,
    'read migrations',
    'select name, checksum from schema_migrations order by name',
  );
  for (const { name, checksum } of applied) {
    const file = known.find((migration) => migration.name === name);
    if (file === undefined) throw new MigrationError('newer', name);
    if (file.checksum !== checksum) throw new MigrationError('changed', name);
  }
  const wanted = known.filter(({ name }) => last === null || name <= last);
  const missing = wanted.filter(({ name }) => !applied.some((row) => row.name === name));
  for (const migration of missing) await apply(db, migration);
  return missing.map(({ name }) => name);
}

async function apply(db: Queryable, { name, sql, checksum }: Migration): Promise<void> {
  const action = `migration ${name}`;
  await queryRows(db, action, 'begin');
  try {
    await queryRows(db, action, sql);
    await queryRows(db, action, 'insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum]);
    await queryRows(db, action, 'commit');
  } catch (error) {
    await queryRows(db, action, 'rollback');
    throw error;
  }
}

async function loadMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
