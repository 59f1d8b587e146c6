import type { Disk } from '../../../gateway/segments/disk.ts';

type MemoryFile = { live: Buffer; durable: Buffer; isNameDurable: boolean };

export class DiskFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const SECTOR_BYTES = 512;

/**
 * A disk in memory that forgets what was not fsynced. `crash` is a power cut: unsynced names are gone, and of the unsynced
 * sectors those survive that `survivors`, taken as a pattern, picks (0: none). `fail` makes the next calls throw.
 */
export class MemoryDisk {
  readonly #files = new Map<string, MemoryFile>();
  readonly #fds = new Map<number, MemoryFile>();
  readonly #faults: { call: keyof Disk; code: string; left: number }[] = [];
  readonly synced: { fd: number }[] = [];
  #nextFd = 3;
  capacityBytes = Infinity;

  fail(call: keyof Disk, code: string, times = 1): void {
    this.#faults.push({ call, code, left: times });
  }

  crash(survivors = 0): void {
    this.#fds.clear();
    this.#faults.length = 0;
    let sector = 0;
    for (const [path, file] of this.#files) {
      if (!file.isNameDurable) {
        this.#files.delete(path);
        continue;
      }
      const after = Buffer.from(file.durable);
      for (let at = 0; at < after.length; at += SECTOR_BYTES) {
        sector += 1;
        // A cut that was not synced may come undone: what lay beyond it is then as it was.
        const isPicked = (survivors >> (sector % 29)) % 2 === 1 && at < file.live.length;
        if (isPicked) file.live.copy(after, at, at, at + SECTOR_BYTES);
      }
      file.live = after;
      file.durable = Buffer.from(after);
    }
  }

  names(): string[] {
    return [...this.#files.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)).toSorted();
  }

  content(name: string): Buffer {
    for (const [path, file] of this.#files) if (path.endsWith(`/${name}`)) return file.live;
    throw new DiskFault('ENOENT');
  }

  openFiles(): number {
    return this.#fds.size;
  }

  readonly disk: Disk = {
    makeFolder: () => this.#check('makeFolder'),
    list: () => {
      this.#check('list');
      return this.names();
    },
    open: (path, how) => {
      this.#check('open');
      const found = this.#files.get(path);
      if (how === 'create' && found !== undefined) throw new DiskFault('EEXIST');
      if (how !== 'create' && found === undefined) throw new DiskFault('ENOENT');
      const file = found ?? { live: Buffer.alloc(0), durable: Buffer.alloc(0), isNameDurable: false };
      this.#files.set(path, file);
      this.#nextFd += 1;
      this.#fds.set(this.#nextFd, file);
      return this.#nextFd;
    },
    close: (fd) => {
      this.#check('close');
      this.#file(fd);
      this.#fds.delete(fd);
    },
    sizeBytes: (fd) => this.#file(fd).live.length,
    modifiedMs: () => 0,
    write: (fd, bytes, position) => {
      this.#check('write');
      const file = this.#file(fd);
      const end = position + bytes.length;
      if (end > file.live.length) {
        if (this.#usedBytes() + end - file.live.length > this.capacityBytes) throw new DiskFault('ENOSPC');
        file.live = Buffer.concat([file.live, Buffer.alloc(end - file.live.length)]);
      }
      // Short writes are usual: the caller must go on.
      const count = Math.max(1, Math.ceil(bytes.length / 2));
      file.live.set(bytes.subarray(0, count), position);
      return count;
    },
    read: (fd, bytes, position) => {
      this.#check('read');
      return this.#file(fd).live.copy(bytes, 0, position, position + bytes.length);
    },
    truncate: (fd, sizeBytes) => {
      this.#check('truncate');
      const file = this.#file(fd);
      file.live = Buffer.from(file.live.subarray(0, sizeBytes));
    },
    syncData: (fd) => this.#sync('syncData', fd),
    syncFile: (fd) => this.#sync('syncFile', fd),
    syncFolder: () => {
      this.#check('syncFolder');
      for (const file of this.#files.values()) file.isNameDurable = true;
    },
    remove: (path) => {
      this.#check('remove');
      if (!this.#files.delete(path)) throw new DiskFault('ENOENT');
    },
    space: () => ({ freeBytes: this.capacityBytes - this.#usedBytes(), totalBytes: this.capacityBytes }),
  };

  #sync(call: 'syncData' | 'syncFile', fd: number): void {
    const file = this.#file(fd);
    this.#check(call);
    file.durable = Buffer.from(file.live);
    this.synced.push({ fd });
  }

  #check(call: keyof Disk): void {
    const fault = this.#faults.find((candidate) => candidate.call === call && candidate.left > 0);
    if (fault === undefined) return;
    fault.left -= 1;
    throw new DiskFault(fault.code);
  }

  #usedBytes(): number {
    let bytes = 0;
    for (const file of this.#files.values()) bytes += file.live.length;
    return bytes;
  }

  #file(fd: number): MemoryFile {
    const file = this.#fds.get(fd);
    if (file === undefined) throw new DiskFault('EBADF');
    return file;
  }
}
