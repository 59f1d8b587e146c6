import { join } from 'node:path';
import type { Disk } from '../../segments/disk.ts';

const NAME = 'reserve';

/**
 * A file of zeroes that is given up when the disk is full, so that the journal can still make segments while somebody
 * makes room. It comes back when there is room again.
 */
export class Reserve {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #bytes: number;
  #exists = false;

  constructor(disk: Disk, folder: string, bytes: number) {
    this.#disk = disk;
    this.#folder = folder;
    this.#bytes = bytes;
  }

  exists(): boolean {
    return this.#exists;
  }

  /** Looks whether an earlier run left it whole; a part of one is removed. */
  find(): void {
    if (!this.#disk.list(this.#folder).includes(NAME)) return;
    const fd = this.#disk.open(this.#path(), 'read');
    try {
      this.#exists = this.#disk.sizeBytes(fd) >= this.#bytes;
    } finally {
      this.#disk.close(fd);
    }
    if (!this.#exists) this.#disk.remove(this.#path());
  }

  /** Throws what the disk throws and leaves nothing behind. */
  make(): void {
    if (this.#exists) return;
    const fd = this.#disk.open(this.#path(), 'create');
    try {
      const zeroes = Buffer.alloc(Math.min(this.#bytes, 256 * 1024));
      for (let at = 0; at < this.#bytes;) at += this.#disk.write(fd, zeroes.subarray(0, this.#bytes - at), at);
      this.#disk.syncFile(fd);
      this.#exists = true;
    } finally {
      this.#disk.close(fd);
      if (!this.#exists) this.#disk.remove(this.#path());
    }
  }

  /** Whether there was something to give up. */
  release(): boolean {
    if (!this.#exists) return false;
    this.#exists = false;
    this.#disk.remove(this.#path());
    return true;
  }

  #path(): string {
    return join(this.#folder, NAME);
  }
}
