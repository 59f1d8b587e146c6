import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createPool } from '../../../gateway/store/postgres.ts';
import { restoreBackup } from '../../../gateway/backup/restore-backup.ts';
import { writeBackup } from '../../../gateway/backup/write-backup.ts';
import { prepareObservations } from '../../../gateway/telemetry/observations/prepare.ts';
import { ensureParts } from '../../../gateway/telemetry/observations/parts.ts';
import { calcPart, HOURS, READINGS } from '../../../gateway/telemetry/observations/days.ts';
import { pino } from 'pino';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { scratchDir } from '../../harness/scratch.ts';
import { until } from '../../harness/until.ts';
import { openDatabase } from '../../smoke/world/database.ts';

const AT = Date.parse('2026-11-20T08:00:00Z');
/** Every character that COPY writes otherwise, and some that it does not. */
const NASTY = '\\. \\N \t \n\\.\n \r "quoted" \'; drop table homes; -- 心 🔔 \\';

async function fill(databaseUrl: string) {
  const database = await openDatabase(databaseUrl);
  const pool = createPool({ databaseUrl, applicationName: 'zhuji-test', logger: pino({ level: 'silent' }) });
  await prepareObservations(pool);
  const client = await pool.connect();
  await ensureParts(client, READINGS, [calcPart(READINGS, AT)]);
  await ensureParts(client, HOURS, [calcPart(HOURS, AT)]);
  client.release();
  await pool.end();
  await database.rows(`insert into regions (path) values ('city')`);
  await database.rows(
    `insert into homes (id, region, address, entrance) values ('h1', 'city', $1, null), ('h2', null, '', '')`,
    [NASTY],
  );
  await database.rows(`insert into residents (id, home_id, name, categories) values ('r1', 'h1', $1, $2)`, [
    NASTY,
    [NASTY, '80+'],
  ]);
  await database.rows(`insert into devices (id, model, secret_sha256) values ('d1', 'generic-wearable', $1)`, [
    Buffer.alloc(32, 0x5c),
  ]);
  await database.rows(
    `insert into resident_statuses (resident_id, kind, valid_from, recorded_at, recorded_by)
     select 'r1', 'at-home', now(), now(), 'user:' || n from generate_series(1, 3) n`,
  );
  await database.rows(
    `insert into observations select 'd1', 'r1', $1::timestamptz + n * interval '1 s', 'heart-rate', 60 + n / 3.0, 0, now()
     from generate_series(1, 5000) n`,
    [new Date(AT).toISOString()],
  );
  await database.rows(`insert into settings (key, value) values ('session-key', '"old"')`);
  return database;
}

test('everything comes back exactly, in parts and with its counters, but for the key of old sessions', async () => {
  const { databaseUrl } = await createDatabase();
  const database = await fill(databaseUrl);
  const path = join(await scratchDir(), 'backup.sql.gz');
  await writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const before = await database.dump();
  expect(before).toContain('heart-rate');

  const empty = await createDatabase({ migrated: false });
  await restoreBackup({ databaseUrl: empty.databaseUrl, path, actor: 'local:7', nowMs: AT + 1, knownSeq: 9 });
  const restored = await openDatabase(empty.databaseUrl);
  const isNew = (line: string) =>
    /restored|^\(t,\d+,|"?session-key|last-backup|schema_migrations|^\(0\d{3}-/.test(line);
  const plain = (dump: string) => dump.split('\n').filter((line) => !isNew(line));
  expect(plain(await restored.dump())).toEqual(plain(before));
  expect(await restored.rows(`select key from settings`)).toEqual([]);
  expect(
    await restored.rows(
      `select entry::json->'data' as data, entry::json->>'actor' as actor from audit_chain order by seq`,
    ),
  ).toMatchObject([{ actor: 'local:0' }, { actor: 'local:7', data: { head: { seq: 1 }, knownSeq: 9 } }]);
  const [next] = await restored.rows<{ id: string }>(
    `insert into resident_statuses (resident_id, kind, valid_from, recorded_at, recorded_by)
     values ('r1', 'away', now(), now(), 'u') returning id`,
  );
  expect(Number(next?.id)).toBe(4);
  const sizes = await restored.rows<{ n: string }>(`select count(*) as n from only observations_20261120`);
  expect(Number(sizes[0]?.n)).toBe(5000);
});

test('what is written while the backup runs is not in it, in no table', async () => {
  const { databaseUrl } = await createDatabase();
  const database = await fill(databaseUrl);
  const other = await openDatabase(databaseUrl);
  // A table before the last keeps the backup waiting.
  await other.rows('begin');
  await other.rows('lock table settings in access exclusive mode');
  const path = join(await scratchDir(), 'backup.sql.gz');
  const writing = writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT });
  const isWaiting = async () =>
    (
      await database.rows(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like 'copy %"settings"%'`,
      )
    ).length > 0;
  await until(isWaiting, { timeoutMs: 30_000, what: 'the backup to wait', everyMs: 10 });
  await other.rows(`insert into users (id, username, name, roles, regions, password_hash)
    values ('u9', 'late', 'late', '{admin}', '{*}', 'x')`);
  await other.rows('commit');
  expect((await writing).rows).toMatchObject({ users: 0, observations: 5000 });
});

test('a damaged backup changes nothing anywhere', async () => {
  const { databaseUrl } = await createDatabase();
  await fill(databaseUrl);
  const folder = await scratchDir();
  const path = join(folder, 'backup.sql.gz');
  await writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT });
  const whole = await readFile(path);
  const text = gunzipSync(whole).toString('latin1');
  const empty = await createDatabase({ migrated: false });
  const restore = () =>
    restoreBackup({ databaseUrl: empty.databaseUrl, path, actor: 'local:0', nowMs: AT, knownSeq: 0 });
  const repack = (changed: string) => writeFile(path, gzipSync(Buffer.from(changed, 'latin1')));
  const harms: Readonly<Record<string, () => Promise<void>>> = {
    'cut in the middle': () => truncate(path, Math.floor(whole.length / 2)),
    'its last byte gone': () => truncate(path, whole.length - 1),
    'a bit turned': () =>
      writeFile(path, whole.with(Math.floor(whole.length / 2), (whole[Math.floor(whole.length / 2)] ?? 0) ^ 1)),
    'a row gone': () => repack(text.replace('at-home', 'at-home').replace(/1\tr1\tat-home[^\n]*\n/, '')),
    'its end gone': () => repack(text.slice(0, text.indexOf('-- end'))),
    'something behind its end': () => repack(`${text}drop table homes;\n`),
    'a statement of somebody else': () => repack(text.replace('copy "homes"', 'drop "homes"')),
    'no backup at all': () => writeFile(path, 'not gzip'),
    empty: () => writeFile(path, ''),
  };
  for (const [name, harm] of Object.entries(harms)) {
    await writeFile(path, whole);
    await harm();
    await expect(restore(), name).rejects.toMatchObject({ code: 'damaged' });
  }
  const database = await openDatabase(empty.databaseUrl);
  expect(await database.rows(`select tablename from pg_tables where schemaname = 'public'`)).toEqual([]);
  await writeFile(path, whole);
  await restore();
});

test('nothing is restored over what is there, below a gateway, or from a later version', async () => {
  const { databaseUrl } = await createDatabase();
  const database = await fill(databaseUrl);
  const path = join(await scratchDir(), 'backup.sql.gz');
  await writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT });
  const restore = (url: string) => restoreBackup({ databaseUrl: url, path, actor: 'local:0', nowMs: AT, knownSeq: 0 });
  const before = await database.dump();
  await expect(restore(databaseUrl)).rejects.toMatchObject({ code: 'not-empty' });
  expect(await database.dump()).toBe(before);

  const empty = await createDatabase({ migrated: false });
  const gateway = createPool({
    databaseUrl: empty.databaseUrl,
    applicationName: 'zhuji g1',
    logger: pino({ level: 'silent' }),
  });
  afterwards(() => gateway.end());
  await gateway.query('select 1');
  await expect(restore(empty.databaseUrl)).rejects.toMatchObject({ code: 'in-use' });

  const other = await createDatabase({ migrated: false });
  const text = gunzipSync(await readFile(path)).toString('latin1');
  await writeFile(path, gzipSync(Buffer.from(text.replace(/"checksum":"[0-9a-f]/, '"checksum":"x'), 'latin1')));
  await expect(restore(other.databaseUrl)).rejects.toMatchObject({ code: 'newer' });
  await writeFile(path, gzipSync(Buffer.from(text.replaceAll('"homes"', '"pg_shadow"'), 'latin1')));
  await expect(restore(other.databaseUrl)).rejects.toMatchObject({ code: 'newer' });
  // What failed has left it empty.
  await writeFile(path, gzipSync(Buffer.from(text, 'latin1')));
  await restore(other.databaseUrl);
});

test('a backup that cannot be finished, or begun, leaves no file behind', async () => {
  const { databaseUrl } = await createDatabase();
  const database = await fill(databaseUrl);
  // A table that comes after all others and cannot be read.
  await database.rows('create foreign data wrapper nothing');
  await database.rows('create server nowhere foreign data wrapper nothing');
  await database.rows('create table zz (id int) partition by range (id)');
  await database.rows('create foreign table zz_1 partition of zz for values from (0) to (9) server nowhere');
  const folder = await scratchDir();
  const path = join(folder, 'backup.sql.gz');
  await expect(writeBackup({ databaseUrl, path, actor: 'local:0', nowMs: AT })).rejects.toMatchObject({
    name: 'StoreError',
  });
  const away = {
    databaseUrl: `postgres://zhuji@${encodeURIComponent(folder)}/zhuji`,
    path,
    actor: 'local:0',
    nowMs: AT,
  };
  await expect(writeBackup(away)).rejects.toMatchObject({
    code: 'no-server',
    message: expect.stringMatching(/gateway/),
  });
  expect(await readdir(folder)).toEqual([]);
});
