import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { boundLog, openLog, readTail } from '../../../gateway/embedded/log-file.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'zhuji-log-')), 'server.log');
});
afterEach(() => rmSync(join(path, '..'), { recursive: true }));

test('a log that has grown moves away under the server, which goes on writing at the start', async () => {
  const server = await openLog(path);
  await server.write('old line\n');
  await boundLog(path, 5);
  await server.write('new\n');
  await server.close();
  expect(readFileSync(path, 'utf8')).toBe('new\n');
  expect(readFileSync(`${path}.1`, 'utf8')).toBe('old line\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a small log and one that is not there stay as they are', async () => {
  await boundLog(path);
  writeFileSync(path, 'short\n');
  await boundLog(path);
  expect(readFileSync(path, 'utf8')).toBe('short\n');
});

test('the tail is the end, also of an empty log', async () => {
  writeFileSync(path, 'first line\nlast line\n');
  expect(await readTail(path, 10)).toBe('last line');
  writeFileSync(path, '');
  expect(await readTail(path)).toBe('');
});
