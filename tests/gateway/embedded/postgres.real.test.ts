import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEmbeddedPostgres } from '../../../gateway/embedded/postgres.ts';
import { until } from '../../harness/until.ts';
import { clock, freshDir, logger, query, stopAfterTest } from './fixture.ts';

const isRoot = process.getuid?.() === 0;

test('it starts on a socket in its folder, checksummed and durable, and keeps the data over a stop', async () => {
  const dataDir = await freshDir();
  const first = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  const url = await first.start();
  expect(await first.start()).toBe(url);
  await query(url, 'CREATE TABLE kept AS SELECT 1 AS one');
  const settings = await query(
    url,
    `SELECT current_setting('fsync') AS fsync, current_setting('data_checksums') AS sums,
            current_setting('listen_addresses') AS tcp, current_setting('server_encoding') AS encoding, lower('É助') AS low`,
  );
  expect(settings).toEqual([{ fsync: 'on', sums: 'on', tcp: '', encoding: 'UTF8', low: 'é助' }]);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  await first.stop();
  await first.stop();
  await expect(query(url, 'SELECT 1')).rejects.toThrow();
  await first.start();
  expect(await query(url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
});

test('a server that is still running is adopted', async () => {
  const dataDir = await freshDir();
  const before = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  await before.start();
  const after = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  const url = await after.start();
  expect(after.pid()).toBe(before.pid());
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('one with the settings of another version is replaced', async () => {
  const dataDir = await freshDir();
  const old = createEmbeddedPostgres({ dataDir, logger, clock, settings: { work_mem: '8MB' } });
  await old.start();
  const oldPid = old.pid();
  const after = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  const [, url] = await Promise.all([old.stop(), after.start()]);
  expect(after.pid()).not.toBe(oldPid);
  expect(await query(url, `SELECT current_setting('work_mem') AS mem`)).toEqual([{ mem: '4MB' }]);
});

test('one that is killed comes back by itself', async () => {
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir: await freshDir(), logger, clock }));
  const url = await server.start();
  const killed = server.pid() ?? 0;
  process.kill(killed, 'SIGKILL');
  await until(() => server.isUp() && server.pid() !== killed, { timeoutMs: 30_000, what: 'a new server' });
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('a path too long for a socket is answered by a folder elsewhere, and the server is found again', async () => {
  const root = await freshDir();
  const dataDir = join(root, '长'.repeat(20), 'x'.repeat(60), 'it has "quotes", 100% and commas');
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  const url = await server.start();
  const sockets = decodeURIComponent(new URL(url).hostname);
  expect(sockets.startsWith(tmpdir())).toBe(true);
  expect((await stat(sockets)).mode & 0o777).toBe(0o700);
  const again = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  expect(await again.start()).toBe(url);
  expect(again.pid()).toBe(server.pid());
  await server.stop();
  await again.stop();
  await expect(stat(sockets)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await query(await again.start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('data of another major version is refused with what to do', async () => {
  const dataDir = await freshDir();
  await mkdir(join(dataDir, 'postgres'));
  await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '9\n');
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  await expect(server.start()).rejects.toMatchObject({ code: 'postgres-version', message: /pg_dump/ });
});

test('a server that cannot start says why and leaves nothing running', async () => {
  const dataDir = await freshDir();
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock, settings: { port: 'no port' } }));
  await expect(server.start()).rejects.toMatchObject({ code: 'server-failed', message: /no port/ });
  expect(server.pid()).toBeUndefined();
});

test('what people wrote never reaches the log of the server', async () => {
  const dataDir = await freshDir();
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  const url = await server.start();
  await query(url, 'CREATE TABLE people (name text PRIMARY KEY)');
  await query(url, `INSERT INTO people VALUES ('WangMarker')`);
  await expect(query(url, `INSERT INTO people VALUES ('WangMarker')`)).rejects.toThrow(/duplicate/);
  await expect(query(url, `SELECT 'WangMarker'::integer`)).rejects.toThrow(/WangMarker/);
  await server.stop();
  const log = await readFile(join(dataDir, 'postgres.log'), 'utf8');
  expect(log).toMatch(/ready to accept connections/);
  expect(log).not.toMatch(/WangMarker/);
});

test('stop during start ends the start', async () => {
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir: await freshDir(), logger, clock }));
  const starting = server.start();
  const stopping = server.stop();
  const outcome = await Promise.allSettled([starting, stopping]);
  expect(outcome[1].status).toBe('fulfilled');
  await server.stop();
  expect(server.pid()).toBeUndefined();
});

test.runIf(isRoot).each(['user-namespace', 'other-user'] as const)(
  'root runs it by way of %s, also below a folder that only root may enter',
  async (way) => {
    const parent = await freshDir();
    await chmod(parent, 0o700);
    const dataDir = join(parent, 'inner', 'data');
    await mkdir(join(parent, 'inner'), { mode: 0o700 });
    const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock, rootWays: [way] }));
    expect(await query(await server.start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  },
);

test.runIf(isRoot)('data made one way goes on being used when only the other way is left', async () => {
  const dataDir = await freshDir();
  for (const way of ['user-namespace', 'other-user', 'user-namespace'] as const) {
    const server = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock, rootWays: [way] }));
    expect(await query(await server.start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
  }
});

test.runIf(isRoot)('root without any way is told what to do', async () => {
  const server = stopAfterTest(createEmbeddedPostgres({ dataDir: await freshDir(), logger, clock, rootWays: [] }));
  await expect(server.start()).rejects.toMatchObject({ code: 'postgres-as-root', message: /ordinary user/ });
});

test('a killed predecessor that nobody has collected yet delays the start and does not fail it', async () => {
  const dataDir = await freshDir();
  const first = createEmbeddedPostgres({ dataDir, logger, clock });
  await first.start();
  await first.stop();
  // The kernel takes a process that is dead and not collected for alive; a living one looks the same to PostgreSQL.
  const lingering = spawn('sleep', ['6'], { cwd: '/', stdio: 'ignore' });
  const lock = `${lingering.pid}\n${join(dataDir, 'postgres')}\n1\n5432\n\n\n`;
  await writeFile(join(dataDir, 'postgres', 'postmaster.pid'), lock);
  const chowned = await stat(join(dataDir, 'postgres'));
  await chown(join(dataDir, 'postgres', 'postmaster.pid'), chowned.uid, chowned.gid);
  const after = stopAfterTest(createEmbeddedPostgres({ dataDir, logger, clock }));
  expect(await query(await after.start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(lingering.exitCode).toBe(0);
});
