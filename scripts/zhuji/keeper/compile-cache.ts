import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDataFolder } from '../../../gateway/embedded/data-folder.ts';

/**
 * Where a worker keeps what the compiler made of our files, so that the next one is there sooner: a third of a start is
 * compiling. In the data folder, and only where that is ours alone: what lies there is run as code. Null: none.
 */
export async function findCompileCache(dataDir: string): Promise<string | null> {
  try {
    const folder = await openDataFolder(dataDir);
    const { uid } = await stat(folder);
    return uid === process.getuid?.() ? join(folder, 'compile-cache') : null;
  } catch {
    // The worker finds the same fault and tells it.
    return null;
  }
}
