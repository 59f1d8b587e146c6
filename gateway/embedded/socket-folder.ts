import { chmod, mkdir, mkdtemp, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failedWith } from './embedded-error.ts';

/** sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included (unix(7), unix(4)). */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** The longest name that a server makes in the folder: PostgreSQL's socket. */
const LONGEST_NAME = '.s.PGSQL.5432';

/** Characters that mean something in a connection URL or in unix_socket_directories. */
const UNSAFE = /[?#%,"\\]/;

const NOTE = 'sockets.path';

/**
 * The folder for the servers' sockets, mode 0700: `sockets` in the data folder, or, where that path is too long, one
 * below `tmpDir` whose path is noted in the data folder, so that the next start finds servers that are still running.
 */
export async function openSocketFolder(dataDir: string, tmpDir: string): Promise<string> {
  const direct = join(dataDir, 'sockets');
  if (isUsable(direct)) {
    await mkdir(direct, { recursive: true, mode: 0o700 });
    await chmod(direct, 0o700);
    await rm(join(dataDir, NOTE), { force: true });
    return direct;
  }
  const noted = await readNote(dataDir);
  if (noted !== undefined && (await isPrivate(noted))) return noted;
  const made = await mkdtemp(join(tmpDir, 'zhuji-'));
  await writeFile(join(dataDir, NOTE), made, { mode: 0o600 });
  return made;
}

/** Removes a folder below `tmpDir` once the last server's socket is gone from it; the one in the data folder stays. */
export async function closeSocketFolder(dataDir: string, folder: string): Promise<void> {
  if (folder === join(dataDir, 'sockets')) return;
  try {
    await rmdir(folder);
    await rm(join(dataDir, NOTE), { force: true });
  } catch (error) {
    if (!failedWith(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
  }
}

function isUsable(folder: string): boolean {
  return Buffer.byteLength(join(folder, LONGEST_NAME)) <= MAX_PATH_BYTES && !UNSAFE.test(folder);
}

async function readNote(dataDir: string): Promise<string | undefined> {
  try {
    return await readFile(join(dataDir, NOTE), 'utf8');
  } catch (error) {
    if (failedWith(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Still there, and not put there by somebody else since (the temporary folder is everybody's). */
async function isPrivate(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isDirectory() && (found.mode & 0o777) === 0o700 && found.uid === process.getuid?.();
  } catch (error) {
    if (failedWith(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
}
