import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { afterwards } from './cleanup.ts';
import { killBelow } from './processes-below.ts';

/** A fresh folder; after the test, what still works in it is killed and the folder is gone. */
export async function scratchDir(): Promise<string> {
  const folder = await mkdtemp(join(inject('runFolder'), 's-'));
  afterwards(async () => {
    await killBelow(folder);
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** The folder of this worker's shared servers; they outlive the test file and are adopted by the next. */
export function workerDir(): string {
  return join(inject('runFolder'), `w${process.env['VITEST_POOL_ID'] ?? '0'}`);
}
