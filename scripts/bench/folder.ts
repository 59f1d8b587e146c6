import { mkdir, mkdtemp, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DATA = join(import.meta.dirname, '..', '..', 'data');
/** `TMPFS_MAGIC` and `RAMFS_MAGIC` of Linux (statfs(2)). */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6];

/**
 * A folder for the servers of the bench: the temporary one, or, where that lies in memory and an fsync costs nothing, the
 * project's own for data. `isDisk` is false where both do.
 */
export async function openBenchFolder(): Promise<{ readonly path: string; readonly isDisk: boolean }> {
  if (!(await isInMemory(tmpdir()))) return { path: await makeIn(tmpdir()), isDisk: true };
  await mkdir(DATA, { recursive: true, mode: 0o700 });
  return { path: await makeIn(DATA), isDisk: !(await isInMemory(DATA)) };
}

async function isInMemory(path: string): Promise<boolean> {
  return IN_MEMORY.includes((await statfs(path)).type);
}

function makeIn(path: string): Promise<string> {
  return mkdtemp(join(path, 'zhuji-bench-'));
}
