import { mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCompileCache } from '../../../../scripts/zhuji/keeper/compile-cache.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'zhuji-cache-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what is compiled is kept in the data folder, which nobody else may write to', async () => {
  const dataDir = join(folder, 'data');
  expect(await findCompileCache(dataDir)).toBe(join(dataDir, 'compile-cache'));
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
});

test('nothing is kept where no data folder can be', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(await findCompileCache(file)).toBeNull();
});
