import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { formatIso } from '../clock.ts';
import { draftAudit } from '../history/audit-entry.ts';
import { saveBackupTime } from '../history/backup-watch.ts';
import { loadHead, lockChain } from '../history/chain-store.ts';
import { queryRows } from '../store/postgres.ts';
import { asStoreError } from '../store/store-error.ts';
import { HOURS, READINGS } from '../telemetry/observations/days.ts';
import { loadParts } from '../telemetry/observations/parts.ts';
import { loadTableKind } from '../telemetry/observations/table.ts';
import { withClient } from './backup-client.ts';
import { BackupError } from './backup-error.ts';
import { formatCopy, formatEnd, formatHeader, quote, type BackupEnd } from './format.ts';
import { loadTables } from './tables.ts';

const ACTION = 'write a backup';

export type BackupOrder = {
  readonly databaseUrl: string;
  /** The file is there under this name once it is whole and on disk. */
  readonly path: string;
  /** As the audit chain names who asked for it. */
  readonly actor: string;
  readonly nowMs: number;
};

/**
 * Writes everything that PostgreSQL has as of one moment, while gateways go on. That somebody took all files of all people
 * with them stands in the chain before the first byte. @throws BackupError, StoreError, and what the disk says
 */
export async function writeBackup({ databaseUrl, path, actor, nowMs }: BackupOrder): Promise<BackupEnd> {
  return withClient(databaseUrl, async (client) => {
    if ((await loadTableKind(client)) === 'timescale') {
      throw new BackupError('timescale', 'This server has TimescaleDB: back it up with pg_dump, see README.md');
    }
    await note(client, actor, nowMs);
    await queryRows(client, ACTION, 'begin transaction isolation level repeatable read read only');
    const end: BackupEnd = { rows: {} };
    const part = `${path}.part`;
    try {
      const file = createWriteStream(part, { mode: 0o600, flush: true });
      await pipeline(Readable.from(dump(client, nowMs, end.rows)), createGzip(), file);
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    await queryRows(client, ACTION, 'commit');
    await saveBackupTime(client, nowMs);
    return end;
  });
}

/** Inside the transaction; `rows` is filled while it is read. */
async function* dump(client: pg.Client, nowMs: number, rows: Record<string, number>): AsyncGenerator<Buffer | string> {
  const head = await loadHead(client);
  if (head === null) throw new BackupError('damaged', 'The database was never used by a gateway');
  const migrations = await queryRows<{ name: string; checksum: string }>(
    client,
    ACTION,
    'select name, checksum from schema_migrations order by name',
  );
  const tables = await loadTables(client);
  const parts = [...(await loadParts(client, READINGS)), ...(await loadParts(client, HOURS))].map(({ name }) => name);
  const chain = { seq: head.seq, hash: head.hash.toString('hex') };
  yield formatHeader({ at: formatIso(nowMs), migrations, head: chain, tables, parts });
  for (const table of tables) {
    yield `${formatCopy(table)};\n`;
    const columns = table.columns.map(quote).join(', ');
    const copy = client.query(copyTo(`copy (select ${columns} from ${quote(table.name)}) to stdout`));
    try {
      for await (const chunk of copy) yield chunk as Buffer;
    } catch (error) {
      throw asStoreError(ACTION, error);
    }
    rows[table.name] = copy.rowCount;
    yield '\\.\n';
  }
  yield formatEnd({ rows });
}

async function note(client: pg.Client, actor: string, nowMs: number): Promise<void> {
  await queryRows(client, ACTION, 'begin');
  try {
    const chain = await lockChain(client);
    await chain.append([draftAudit('audit', nowMs, { type: 'backup', actor, data: {} })]);
    await queryRows(client, ACTION, 'commit');
  } catch (error) {
    await queryRows(client, ACTION, 'rollback');
    throw error;
  }
}
