import { copyFile, open, stat, truncate, type FileHandle } from 'node:fs/promises';
import { failedWith } from './embedded-error.ts';

/** A server's log grows to this, then its content moves to `<log>.1` (chosen: some weeks of an idle server). */
const MAX_BYTES = 4 * 1024 * 1024;

/** Opened for appending, so that the server goes on at the start after the file was emptied under it. */
export function openLog(path: string): Promise<FileHandle> {
  return open(path, 'a', 0o600);
}

/** Keeps a log that a running server holds open within bounds: at most twice `maxBytes` on disk. */
export async function boundLog(path: string, maxBytes = MAX_BYTES): Promise<void> {
  try {
    if ((await stat(path)).size <= maxBytes) return;
    await copyFile(path, `${path}.1`);
    await truncate(path, 0);
  } catch (error) {
    if (!failedWith(error, 'ENOENT')) throw error;
  }
}

/** The last lines, for an error message. */
export async function readTail(path: string, maxBytes = 2000): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } finally {
    await file.close();
  }
}
