import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../../errors.ts';
import { decodeLines, encodeLine } from './lines.ts';

/** A file of lines that is added to, replaced as a whole, or removed. Everything that resolves is on the disk. */
export type LineFile = {
  /** What is whole in it; a file that is not there is empty. Rejects when the disk does. */
  readonly load: () => Promise<{ readonly values: readonly unknown[]; readonly damaged: number }>;
  readonly append: (values: readonly unknown[]) => Promise<void>;
  readonly replace: (values: Iterable<unknown>) => Promise<void>;
  readonly remove: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Read at once; chosen. */
const READ_BYTES = 1024 * 1024;
/** Lines written at once while a file is replaced. */
const BATCH = 1000;

/** One caller at a time. */
export function lineFile(path: string): LineFile {
  let handle: FileHandle | null = null;

  async function openToAppend(): Promise<FileHandle> {
    if (handle !== null) return handle;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const opened = await open(path, 'a', 0o600);
    await syncFolder(dirname(path));
    handle = opened;
    return opened;
  }

  async function close(): Promise<void> {
    const closing = handle;
    handle = null;
    await closing?.close();
  }

  return {
    load: async () => {
      try {
        return await readAll(path);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return { values: [], damaged: 0 };
        throw error;
      }
    },
    append: async (values) => {
      const file = await openToAppend();
      try {
        // A line feed first: what a failed write may have left behind must not spoil what follows.
        await file.writeFile(`\n${values.map(encodeLine).join('')}`);
        await file.datasync();
      } catch (error) {
        await close();
        throw error;
      }
    },
    replace: async (values) => {
      await close();
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const draft = `${path}.new`;
      const file = await open(draft, 'w', 0o600);
      try {
        try {
          await writeAll(file, values);
        } finally {
          await file.close();
        }
      } catch (error) {
        // Half of a file must not keep the room that somebody else needs.
        await rm(draft, { force: true });
        throw error;
      }
      await rename(draft, path);
      await syncFolder(dirname(path));
    },
    remove: async () => {
      await close();
      await rm(path, { force: true });
    },
    close,
  };
}

/** Piece by piece: after days without Redis a file may be longer than a string can be. */
async function readAll(path: string): Promise<{ values: unknown[]; damaged: number }> {
  const values: unknown[] = [];
  let damaged = 0;
  const take = (text: string): void => {
    const read = decodeLines(text);
    for (const value of read.values) values.push(value);
    damaged += read.damaged;
  };
  let rest = '';
  const file = await open(path, 'r');
  for await (const piece of file.createReadStream({ encoding: 'utf8', highWaterMark: READ_BYTES })) {
    const text = rest + String(piece);
    const end = text.lastIndexOf('\n') + 1;
    take(text.slice(0, end));
    rest = text.slice(end);
  }
  take(rest);
  return { values, damaged };
}

async function writeAll(file: FileHandle, values: Iterable<unknown>): Promise<void> {
  let batch: string[] = [];
  for (const value of values) {
    batch.push(encodeLine(value));
    if (batch.length >= BATCH) {
      await file.writeFile(batch.join(''));
      batch = [];
    }
  }
  await file.writeFile(batch.join(''));
  await file.datasync();
}

/** A new name is on the disk only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const file = await open(folder, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
