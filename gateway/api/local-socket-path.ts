import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** sun_path holds 108 bytes on Linux, its closing zero included (unix(7)); macOS has 104. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;
const SOCKET = 'zhuji.sock';
const NOTE = 'zhuji.sock.path';

/** Where the command line finds the gateway of a data folder: in it, or where the note in it says. */
export async function findSocketPath(dataDir: string): Promise<string> {
  return (await readNote(dataDir)) ?? join(resolve(dataDir), SOCKET);
}

/**
 * The path to listen on. One too long for the system is replaced by a folder of mode 0700 below `tmpDir`, and the note
 * in the data folder says where.
 */
export async function claimSocketPath(dataDir: string, tmpDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const direct = join(resolve(dataDir), SOCKET);
  if (Buffer.byteLength(direct) <= MAX_PATH_BYTES) {
    await rm(join(dataDir, NOTE), { force: true });
    return direct;
  }
  const noted = await readNote(dataDir);
  if (noted !== undefined && (await isPrivateFolder(dirname(noted)))) return noted;
  const path = join(await mkdtemp(join(tmpDir, 'zhuji-')), SOCKET);
  await writeFile(join(dataDir, NOTE), path, { mode: 0o600 });
  return path;
}

/** Takes back what `claimSocketPath` made beside the socket itself. */
export async function releaseSocketPath(dataDir: string, path: string): Promise<void> {
  if (path === join(resolve(dataDir), SOCKET)) return;
  await rm(dirname(path), { recursive: true, force: true });
  await rm(join(dataDir, NOTE), { force: true });
}

async function readNote(dataDir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dataDir, NOTE), 'utf8')).trim();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A folder left in the temporary folder by an earlier run, and not put there by somebody else meanwhile. */
async function isPrivateFolder(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    return found.isDirectory() && (found.mode & 0o777) === 0o700 && found.uid === process.getuid?.();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
