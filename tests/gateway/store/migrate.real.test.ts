import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../../gateway/store/migrate.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';

async function connect(databaseUrl: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  afterwards(() => client.end());
  return client;
}

async function folderOf(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(await scratchDir(), 'migrations-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  return folder;
}

test('gateways that start together apply each migration once', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(databaseUrl)));
  expect(applied.flat()).toContain('0001-register.sql');
  expect(new Set(applied.flat()).size).toBe(applied.flat().length);
  expect(await migrate(databaseUrl)).toEqual([]);
});

test('a migration that fails leaves nothing of itself, and those before it stay', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const folder = await folderOf({
    '1.sql': 'create table one ();',
    '2.sql': 'create table two (); select 1 / 0;',
  });
  await expect(migrate(databaseUrl, folder)).rejects.toMatchObject({ code: 'failed', reason: '22012' });
  const { rows } = await (
    await connect(databaseUrl)
  ).query('select tablename as t from pg_tables where schemaname = $1', ['public']);
  expect(new Set(rows.map(({ t }) => t))).toEqual(new Set(['one', 'schema_migrations']));
  await writeFile(join(folder, '2.sql'), 'create table two ();');
  expect(await migrate(databaseUrl, folder)).toEqual(['2.sql']);
});

test('a migration that was changed after it was applied stops the start', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const folder = await folderOf({ '1.sql': 'create table one ();' });
  await migrate(databaseUrl, folder);
  await writeFile(join(folder, '1.sql'), 'create table one (x int);');
  await expect(migrate(databaseUrl, folder)).rejects.toMatchObject({ code: 'changed', migration: '1.sql' });
});

test('a database of a later version is not touched', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  await migrate(databaseUrl, await folderOf({ '1.sql': 'create table one ();', '2.sql': 'create table two ();' }));
  const older = migrate(databaseUrl, await folderOf({ '1.sql': 'create table one ();' }));
  await expect(older).rejects.toMatchObject({ code: 'newer', migration: '2.sql' });
});

test('a server that is away is told as such', async () => {
  await expect(migrate('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({ code: 'unavailable' });
});
