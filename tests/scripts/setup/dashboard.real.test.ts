import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfigFromFile } from 'vite';
import { scratchDir } from '../../harness/scratch.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');

test('the pages are built where the folder has spaces and Chinese letters in its name', async () => {
  const clone = join(await scratchDir(), '助急 一键通');
  const dashboard = join(clone, 'dashboard');
  await mkdir(dashboard, { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(clone, 'node_modules'));
  await writeFile(join(clone, 'package.json'), '{"type":"module"}');
  const configFile = join(dashboard, 'vite.config.ts');
  await cp(join(PROJECT, 'dashboard', 'vite.config.ts'), configFile);

  const loaded = await loadConfigFromFile({ command: 'build', mode: 'production' }, configFile);

  expect(resolve(loaded?.config.root ?? '')).toBe(dashboard);
});
