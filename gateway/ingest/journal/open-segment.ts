import { join } from 'node:path';
import type { Disk } from '../../segments/disk.ts';
import { segmentName } from './segment-name.ts';

/** A segment that is written to. Bytes from `position` on are zeroes that the disk already holds. */
export type OpenSegment = { readonly seq: number; readonly fd: number; readonly capacity: number; position: number };

/** File systems write whole blocks; cutting inside one would rewrite records that are already durable. */
const BLOCK_BYTES = 4096;

/**
 * Makes a segment of real zeroes, fsynced with its name, a slice at a time so that an alarm waits for one slice at most.
 * An unused segment of an earlier run is filled again: nobody knows how far that run came.
 */
export class Preallocation {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #seq: number;
  readonly #capacity: number;
  readonly #slice: Buffer;
  readonly #exists: boolean;
  #fd: number | null = null;
  #filled = 0;

  constructor(options: {
    readonly disk: Disk;
    readonly folder: string;
    readonly seq: number;
    readonly capacity: number;
    readonly sliceBytes: number;
    readonly exists: boolean;
  }) {
    this.#disk = options.disk;
    this.#folder = options.folder;
    this.#seq = options.seq;
    this.#capacity = options.capacity;
    this.#slice = Buffer.alloc(Math.min(options.sliceBytes, options.capacity));
    this.#exists = options.exists;
  }

  /** One slice, fsynced; the segment once it is whole, else null. Throws what the disk throws: then call `abandon`. */
  step(): OpenSegment | null {
    return this.#advance(true);
  }

  /** All the rest at once, for one who has nothing else to do until it is there. */
  finish(): OpenSegment {
    for (;;) {
      const segment = this.#advance(false);
      if (segment !== null) return segment;
    }
  }

  /** Gives back the room of a segment that could not be made whole. */
  abandon(): void {
    if (this.#fd === null) return;
    const fd = this.#fd;
    this.#fd = null;
    this.#disk.close(fd);
    this.#disk.remove(join(this.#folder, segmentName(this.#seq)));
  }

  #advance(syncSlice: boolean): OpenSegment | null {
    const path = join(this.#folder, segmentName(this.#seq));
    this.#fd ??= this.#disk.open(path, this.#exists ? 'update' : 'create');
    if (this.#filled < this.#capacity) {
      const slice = this.#slice.subarray(0, this.#capacity - this.#filled);
      this.#filled += this.#disk.write(this.#fd, slice, this.#filled);
      if (syncSlice) this.#disk.syncData(this.#fd);
      return null;
    }
    this.#disk.syncFile(this.#fd);
    this.#disk.syncFolder(this.#folder);
    return { seq: this.#seq, fd: this.#fd, capacity: this.#capacity, position: 0 };
  }
}

/** Writes all of it or throws; the caller makes it durable. */
export function writeAt(disk: Disk, segment: OpenSegment, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) {
    const count = disk.write(segment.fd, bytes.subarray(written), segment.position + written);
    if (count === 0) throw new Error('the disk wrote nothing');
    written += count;
  }
  segment.position += bytes.length;
}

/** Closes a segment that stays; what was preallocated and not used goes back to the disk. */
export function sealSegment(disk: Disk, segment: OpenSegment): void {
  try {
    disk.truncate(segment.fd, Math.min(segment.capacity, roundUpToBlock(segment.position)));
  } finally {
    disk.close(segment.fd);
  }
}

/** The smallest size that holds so many bytes and whose cut rewrites none of them. */
export function roundUpToBlock(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
