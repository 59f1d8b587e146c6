import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { draftAudit } from '../history/audit-entry.ts';
import { lockChain } from '../history/chain-store.ts';
import { migrate } from '../store/migrate.ts';
import { queryRows } from '../store/postgres.ts';
import { HOURS, parsePart, READINGS } from '../telemetry/observations/days.ts';
import { makeParts } from '../telemetry/observations/parts.ts';
import { makeTable } from '../telemetry/observations/prepare.ts';
import { withClient } from './backup-client.ts';
import { BackupError } from './backup-error.ts';
import { formatCopy, quote, type BackupHeader, type BackupTable } from './format.ts';
import { checkBackup, expectLine, openBackup, rowsOf } from './read-backup.ts';
import { loadTables } from './tables.ts';

const ACTION = 'restore a backup';

/** What a database has that nobody has used yet. */
const SEEDED = new Set(['audit_head', 'register_revision', 'observations_mark']);

export type RestoreOrder = {
  readonly databaseUrl: string;
  readonly path: string;
  readonly actor: string;
  readonly nowMs: number;
  /** The newest entry of the chain that is known of from elsewhere, 0 where none is: what lies between is lost. */
  readonly knownSeq: number;
};

export type Restored = { readonly header: BackupHeader; readonly rows: Readonly<Record<string, number>> };

/**
 * Fills an empty database from a backup, all or nothing. Everybody logs in anew: who was shut out after the backup was made
 * must not come in again with an old session. @throws BackupError, MigrationError, StoreError
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const { databaseUrl, path } = order;
  const { header, rows } = await checkBackup(path);
  await withClient(databaseUrl, async (client) => {
    await checkFree(client);
    // As it was when the backup was made; the gateway's next start does the rest.
    await migrate(databaseUrl, undefined, header.migrations.at(-1)?.name ?? '');
    await checkMigrations(client, header);
    if (header.parts.length > 0 || header.tables.some(({ name }) => name === READINGS.table)) {
      await makeTable(client, 'absent');
    }
    await queryRows(client, ACTION, 'begin');
    try {
      await load(client, order, header);
      await queryRows(client, ACTION, 'commit');
    } catch (error) {
      // Where that fails too the connection ends, and with it the transaction.
      await client.query('rollback').catch(() => undefined);
      throw error;
    }
    await queryRows(client, ACTION, 'analyze');
  });
  return { header, rows };
}

/** Nobody works on it, and there is nothing in it. */
async function checkFree(client: pg.Client): Promise<void> {
  const gateways = await queryRows(
    client,
    ACTION,
    `select from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like 'zhuji %'`,
  );
  if (gateways.length > 0) throw new BackupError('in-use', 'A gateway works on this database: stop it first');
  const timescale = await queryRows(client, ACTION, `select from pg_extension where extname = 'timescaledb'`);
  if (timescale.length > 0) {
    throw new BackupError('timescale', 'This server has TimescaleDB: it is restored with pg_restore, see README.md');
  }
  for (const { name } of await loadTables(client)) {
    if (SEEDED.has(name) || (await queryRows(client, ACTION, `select from ${quote(name)} limit 1`)).length === 0)
      continue;
    throw new BackupError('not-empty', `There is something in the database already (${name}): give an empty one`);
  }
}

async function checkMigrations(client: pg.Client, header: BackupHeader): Promise<void> {
  const sql = 'select name, checksum from schema_migrations order by name';
  const there = await queryRows<BackupHeader['migrations'][number]>(client, ACTION, sql);
  const isSame = header.migrations.every(({ name, checksum }, n) => {
    return there[n]?.name === name && there[n].checksum === checksum;
  });
  if (isSame && there.length === header.migrations.length) return;
  throw new BackupError('newer', 'The backup was made by a version with other tables: restore it with that version');
}

async function load(client: pg.Client, order: RestoreOrder, header: BackupHeader): Promise<void> {
  const there = new Set((await loadTables(client)).map(({ name }) => name));
  const unknown = header.tables.find(({ name }) => !there.has(name));
  if (unknown !== undefined) throw new BackupError('newer', `This version has no table ${unknown.name}`);
  for (const parted of [READINGS, HOURS]) {
    const parts = header.parts.flatMap((name) => parsePart(parted, name) ?? []);
    if (parts.length > 0) await makeParts(client, parted, parts);
  }
  await queryRows(client, ACTION, `truncate ${header.tables.map(({ name }) => quote(name)).join(', ')}`);
  const { tokens } = await openBackup(order.path);
  for (const table of header.tables) {
    const statement = formatCopy(table);
    await expectLine(tokens, `${statement};`);
    await pipeline(rowsOf(tokens), client.query(copyFrom(statement)));
    await moveSequences(client, table);
  }
  await tokens.return();
  await queryRows(client, ACTION, `delete from settings where key = 'session-key'`);
  const chain = await lockChain(client);
  const data = { backupAt: header.at, head: header.head, knownSeq: order.knownSeq };
  await chain.append([draftAudit('audit', order.nowMs, { type: 'restored', actor: order.actor, data })]);
}

/** The next number of a counted column is one that no row has. */
async function moveSequences(client: pg.Client, { name }: BackupTable): Promise<void> {
  const counted = await queryRows<{ column: string }>(
    client,
    ACTION,
    `select attname::text as column from pg_attribute where attrelid = $1::regclass and attidentity <> ''`,
    [quote(name)],
  );
  for (const { column } of counted) {
    await queryRows(
      client,
      ACTION,
      `select setval(pg_get_serial_sequence($1, $2), greatest(1, (select coalesce(max(${quote(column)}), 0) + 1 from ${quote(name)})), false)`,
      [quote(name), column],
    );
  }
}
