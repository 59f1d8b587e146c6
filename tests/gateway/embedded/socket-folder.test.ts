import { chmodSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formatDatabaseUrl } from '../../../gateway/embedded/postgres-settings.ts';
import { closeSocketFolder, openSocketFolder } from '../../../gateway/embedded/socket-folder.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'zhuji-sockets-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function dataFolder(...names: readonly string[]): string {
  const path = join(root, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

test('sockets lie in the data folder, closed to others', async () => {
  const data = dataFolder('data');
  expect(await openSocketFolder(data, root)).toBe(join(data, 'sockets'));
  expect(statSync(join(data, 'sockets')).mode & 0o777).toBe(0o700);
});

test('a path too long, counted in bytes, or with signs that a URL reads otherwise goes to the temporary folder', async () => {
  for (const name of ['长'.repeat(30), 'a'.repeat(90), 'what?', '100%', 'a,b', 'a"b']) {
    const data = dataFolder(name);
    const sockets = await openSocketFolder(data, root);
    expect(sockets.startsWith(join(root, 'zhuji-'))).toBe(true);
    expect(await openSocketFolder(data, root)).toBe(sockets);
  }
});

test('a folder that somebody else could have put in its place is not used again', async () => {
  const data = dataFolder('a'.repeat(90));
  const first = await openSocketFolder(data, root);
  chmodSync(first, 0o777);
  expect(await openSocketFolder(data, root)).not.toBe(first);
});

test('the temporary folder goes when its last socket is gone', async () => {
  const data = dataFolder('a'.repeat(90));
  const sockets = await openSocketFolder(data, root);
  writeFileSync(join(sockets, 'redis.sock'), '');
  await closeSocketFolder(data, sockets);
  expect(existsSync(sockets)).toBe(true);
  rmSync(join(sockets, 'redis.sock'));
  await closeSocketFolder(data, sockets);
  await closeSocketFolder(data, sockets);
  expect(existsSync(sockets)).toBe(false);
});

test('the database URL brings any folder back', () => {
  const url = new URL(formatDatabaseUrl('/a b/数据/c'));
  expect(decodeURIComponent(url.hostname)).toBe('/a b/数据/c');
});
