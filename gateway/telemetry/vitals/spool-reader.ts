import type { Disk } from '../../segments/disk.ts';
import { decodeRecord, findMagic, isZero, RECORD_KIND, type RecordFault } from '../../segments/record.ts';
import { decodeSpoolRecord, type SpoolRecord } from './record.ts';
import type { Spool, SpoolSegment } from './spool.ts';

/** One look at the file; holds any record (`record.ts`: 82 KiB at most) and keeps no fsync waiting for long. Chosen. */
const CHUNK_BYTES = 128 * 1024;

/** Chosen: a disk that cannot read something will not be able to later. */
const MOST_FAILURES = 5;

export type Decoded = {
  readonly records: readonly SpoolRecord[];
  /** Where to go on; what stands before it was read or is damaged. */
  readonly next: number;
  /** Places that could not be read. */
  readonly damaged: number;
};

/** The records that stand whole in a piece of a file. `isAll`: nothing comes behind it, so a torn end is damage. Total. */
export function decodeChunk(bytes: Buffer, isAll: boolean): Decoded {
  const records: SpoolRecord[] = [];
  let damaged = 0;
  let at = 0;
  while (at < bytes.length) {
    const decoded = decodeRecord(bytes, at);
    if (decoded.kind === 'record') {
      const record = decoded.record.kind === RECORD_KIND.vitals ? decodeSpoolRecord(decoded.record.payload) : null;
      if (record === null) damaged += 1;
      else records.push(record);
      at = decoded.next;
      continue;
    }
    if (isTorn(decoded.fault) && !isAll) break;
    const resumeAt = findMagic(bytes, at + 1);
    if (!isZero(bytes.subarray(at, resumeAt))) damaged += 1;
    at = resumeAt;
  }
  return { records, next: at, damaged };
}

function isTorn({ code }: RecordFault): boolean {
  return code === 'cut-off';
}

/** Goes through the spool from a position on, over the files, as far as it is durable. */
export class SpoolReader {
  readonly #disk: Disk;
  readonly #spool: Spool;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #open: { readonly first: number; readonly fd: number; at: number } | null = null;
  /** Of the last record that was given. */
  #position = -1;
  #damaged = 0;
  /** How often a file could not be read. */
  readonly #failures = new Map<number, number>();

  constructor(disk: Disk, spool: Spool) {
    this.#disk = disk;
    this.#spool = spool;
  }

  get damaged(): number {
    return this.#damaged;
  }

  /** The file that is being read: it must not be taken away. */
  get reading(): number | null {
    return this.#open?.first ?? null;
  }

  /** Goes on behind this position. */
  seek(position: number): void {
    this.close();
    this.#position = position;
  }

  /**
   * Some of the next records in order; none when all that is durable was read. Throws what the disk throws: try again from the
   * last position that counts. A file that fails again and again is passed over.
   */
  next(): readonly SpoolRecord[] {
    for (;;) {
      const segment = this.#segment();
      if (segment === undefined) return [];
      const { found, isOver } = this.#attempt(segment);
      if (found.length > 0) return found;
      if (!isOver) continue;
      if (!this.#hasFollowing(segment)) return [];
      this.close();
      // The rest of it is behind us even where nothing could be read.
      this.#position = Math.max(this.#position, this.#firstAfter(segment) - 1);
    }
  }

  close(): void {
    if (this.#open === null) return;
    const { fd } = this.#open;
    this.#open = null;
    this.#disk.close(fd);
  }

  #attempt(segment: SpoolSegment): { found: readonly SpoolRecord[]; isOver: boolean } {
    const { first, bytes } = segment;
    const failures = this.#failures.get(first) ?? 0;
    if (failures >= MOST_FAILURES) return { found: [], isOver: true };
    try {
      const open = (this.#open ??= { first, fd: this.#spool.openFile(segment), at: 0 });
      const found = this.#read(open, segment);
      return { found, isOver: open.at >= bytes };
    } catch (error) {
      this.#failures.set(first, failures + 1);
      if (failures + 1 === MOST_FAILURES) this.#damaged += 1;
      throw error;
    }
  }

  #read(open: { fd: number; at: number }, segment: SpoolSegment): readonly SpoolRecord[] {
    const want = Math.min(CHUNK_BYTES, segment.bytes - open.at);
    if (want <= 0) return [];
    const room = this.#chunk.subarray(0, want);
    let got = 0;
    while (got < want) {
      const count = this.#disk.read(open.fd, room.subarray(got), open.at + got);
      if (count === 0) break;
      got += count;
    }
    const isAll = open.at + got >= segment.bytes || got < want;
    const { records, next, damaged } = decodeChunk(room.subarray(0, got), isAll);
    if (next === 0 && !isAll) {
      // It says that it is longer than any record is.
      this.#damaged += 1;
      open.at += findMagic(room, 1);
      return [];
    }
    this.#damaged += damaged;
    // A file that is shorter than it was has nothing more.
    open.at = got < want ? segment.bytes : open.at + next;
    const fresh = records.filter(({ position }) => position > this.#position);
    this.#position = fresh.at(-1)?.position ?? this.#position;
    return fresh;
  }

  /** The open one, else that in which the next position stands. */
  #segment(): SpoolSegment | undefined {
    const segments = this.#spool.segments();
    const open = this.#open;
    const held = open === null ? undefined : segments.find(({ first }) => first === open.first);
    if (held !== undefined) return held;
    // The database has all of it, and it was removed behind us.
    this.close();
    const wanted = this.#position + 1;
    return segments.findLast(({ first }) => first <= wanted) ?? segments[0];
  }

  #hasFollowing({ first }: SpoolSegment): boolean {
    return this.#spool.segments().some((segment) => segment.first > first);
  }

  #firstAfter({ first }: SpoolSegment): number {
    return this.#spool.segments().find((segment) => segment.first > first)?.first ?? first;
  }
}
