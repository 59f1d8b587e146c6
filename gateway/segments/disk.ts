import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/**
 * All that journal and spool ask of a disk, and the place where tests put a slow, full or failing one. Calls are
 * synchronous: they run in the thread of the one or the other, where no password check and no other work of libuv's pool can stand before them.
 * Each throws as `node:fs` does; an `ENOSPC` in `code` has a meaning to the caller.
 */
export type Disk = {
  readonly makeFolder: (folder: string) => void;
  readonly list: (folder: string) => string[];
  /** `create` fails when the file exists. */
  readonly open: (path: string, how: 'create' | 'update' | 'read') => number;
  readonly close: (fd: number) => void;
  readonly sizeBytes: (fd: number) => number;
  readonly modifiedMs: (path: string) => number;
  /** May write less than it was given; returns how much. */
  readonly write: (fd: number, bytes: Uint8Array, position: number) => number;
  /** May read less than there is room for; 0 at the end. */
  readonly read: (fd: number, bytes: Uint8Array, position: number) => number;
  readonly truncate: (fd: number, sizeBytes: number) => void;
  readonly syncData: (fd: number) => void;
  readonly syncFile: (fd: number) => void;
  /** Makes created and removed names durable. */
  readonly syncFolder: (folder: string) => void;
  readonly remove: (path: string) => void;
  readonly space: (folder: string) => { readonly freeBytes: number; readonly totalBytes: number };
};

const OPEN_FLAGS = { create: 'wx+', update: 'r+', read: 'r' } as const;

/** Readable by the gateway's own account only: what is kept so holds raw frames and readings. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export const realDisk: Disk = {
  makeFolder: (folder) => {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  },
  list: (folder) => readdirSync(folder),
  open: (path, how) => openSync(path, OPEN_FLAGS[how], FILE_MODE),
  close: closeSync,
  sizeBytes: (fd) => fstatSync(fd).size,
  modifiedMs: (path) => statSync(path).mtimeMs,
  write: (fd, bytes, position) => writeSync(fd, bytes, 0, bytes.length, position),
  read: (fd, bytes, position) => readSync(fd, bytes, 0, bytes.length, position),
  truncate: ftruncateSync,
  syncData: fdatasyncSync,
  syncFile: fsyncSync,
  syncFolder: (folder) => {
    const fd = openSync(folder, 'r');
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  remove: unlinkSync,
  space: (folder) => {
    const { bavail, blocks, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  },
};
