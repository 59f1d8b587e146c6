import { execFile } from 'node:child_process';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';

const run = promisify(execFile);
const CHUNK_BYTES = 1024 * 1024;

export type SmallDisk = {
  readonly folder: string;
  /** Writes until nothing more goes in, as another program on the machine does. */
  readonly fill: () => Promise<void>;
  /** Somebody made room. */
  readonly empty: () => Promise<void>;
};

/** A disk of its own in memory; only root may mount one: else the test is shown as skipped, in CI it fails. */
export async function smallDisk(context: TestContext, sizeMb: number): Promise<SmallDisk> {
  const folder = join(await scratchDir(), 'disk');
  await mkdir(folder);
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', folder]);
  } catch (error) {
    if (process.env['CI'] !== undefined && process.getuid?.() === 0) throw error;
    context.skip('a small disk can be mounted by root alone');
  }
  // Lazily: what still runs on it keeps it until its end.
  afterwards(async () => void (await run('umount', ['-l', folder])));
  const filler = join(folder, 'filler');

  async function fill(): Promise<void> {
    const file = await open(filler, 'a');
    const zeroes = Buffer.alloc(CHUNK_BYTES);
    try {
      for (let bytes = CHUNK_BYTES; bytes >= 1;) {
        try {
          await file.write(zeroes, 0, bytes);
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
          bytes = Math.floor(bytes / 2);
        }
      }
    } finally {
      await file.close();
    }
  }

  return { folder, fill, empty: () => rm(filler, { force: true }) };
}
