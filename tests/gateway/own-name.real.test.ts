import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadOwnName } from '../../gateway/own-name.ts';
import { scratchDir } from '../harness/scratch.ts';

const logger = pino({ level: 'silent' });
const deps = (dataDir: string, byte: number) => ({
  dataDir,
  randomBytes: (n: number) => Buffer.alloc(n, byte),
  logger,
});

test('a gateway that was given no name makes one, and has it again at its next start', async () => {
  const dataDir = join(await scratchDir(), 'data');
  expect(await loadOwnName(deps(dataDir, 1))).toBe('gateway-0101010101');
  expect(await loadOwnName(deps(dataDir, 2))).toBe('gateway-0101010101');
});

test('two data folders never have one name', async () => {
  const [one, other] = [join(await scratchDir(), 'one'), join(await scratchDir(), 'other')];
  expect(await loadOwnName(deps(one, 1))).not.toBe(await loadOwnName(deps(other, 2)));
});

test('a name that cannot be read is made anew: a torn file keeps no gateway from starting', async () => {
  const dataDir = await scratchDir();
  await writeFile(join(dataDir, 'gateway-name'), 'not a name\n');
  expect(await loadOwnName(deps(dataDir, 3))).toBe('gateway-0303030303');
  expect(await readFile(join(dataDir, 'gateway-name'), 'utf8')).toBe('gateway-0303030303');
});
