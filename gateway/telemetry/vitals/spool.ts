import { join } from 'node:path';
import { errorCode, ZhujiError } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import { encodeRecords, RECORD_KIND } from '../../segments/record.ts';
import { setPosition } from './record.ts';
import { parseSegmentName, segmentName, type SegmentKey } from './segment-name.ts';

/** `spool-no-space`: the disk is full. `spool-write-failed`: it refused otherwise. The messages are not kept. */
export class SpoolError extends ZhujiError {
  declare readonly code: 'spool-no-space' | 'spool-write-failed';
}

export type SpoolSegment = SegmentKey & {
  /** Durable bytes; more may stand behind them, which nobody was told of. */
  readonly bytes: number;
};

type OpenSegment = SegmentKey & { readonly fd: number; bytes: number };

export type SpoolOptions = {
  readonly disk: Disk;
  readonly folder: string;
  readonly segmentBytes: number;
  /** A file was given up after the disk refused. */
  readonly condemned: (cause: string) => void;
};

/**
 * Messages that the database does not have yet, in files of records. Only appended to, only read in what is durable. Not
 * preallocated like the journal: what does not fit is refused and said, an alarm never depends on it.
 */
export class Spool {
  readonly #options: SpoolOptions;
  /** Ascending by their first position; the last is the open one, if any is open. */
  #sealed: SpoolSegment[] = [];
  #active: OpenSegment | null = null;
  #next = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** Finds what an earlier run left; writes nothing. Throws what the disk throws: then it may be called again. */
  open(): void {
    const { disk, folder } = this.#options;
    disk.makeFolder(folder);
    this.#sealed = [];
    const keys = disk
      .list(folder)
      .map(parseSegmentName)
      .filter((key) => key !== null)
      .toSorted((a, b) => a.first - b.first || a.thinned - b.thinned);
    for (const key of keys) {
      // A thinned one beside what it was made from may be a part: the thinning is begun anew.
      if (this.#sealed.at(-1)?.first === key.first) disk.remove(join(folder, segmentName(key)));
      else this.#sealed.push({ ...key, bytes: this.#sizeOf(key) });
    }
    const last = this.#sealed.at(-1);
    // A record has more than one byte: whatever stands in the file, no position of it is taken again. Nor is its name, where a
    // crash left it without a byte.
    this.#next = last === undefined ? 0 : last.first + Math.max(1, last.bytes);
  }

  /** The next position to be given; all before it are durable or lost. */
  get next(): number {
    return this.#next;
  }

  get bytes(): number {
    return this.#sealed.reduce((sum, { bytes }) => sum + bytes, this.#active?.bytes ?? 0);
  }

  segments(): SpoolSegment[] {
    const active = this.#active;
    if (active === null) return [...this.#sealed];
    const { first, thinned, bytes } = active;
    return [...this.#sealed, { first, thinned, bytes }];
  }

  /** Durable when it returns. A file that fails is given up and the messages get one try in the next. @throws SpoolError */
  append(payloads: readonly Buffer[]): void {
    if (payloads.length === 0) return;
    for (const payload of payloads) {
      setPosition(payload, this.#next);
      this.#next += 1;
    }
    const bytes = encodeRecords(RECORD_KIND.vitals, payloads);
    try {
      this.#write(bytes, this.#next - payloads.length);
    } catch (error) {
      if (errorCode(error) === 'ENOSPC') throw new SpoolError('spool-no-space', 'the disk is full', { cause: error });
      try {
        this.#write(bytes, this.#next - payloads.length);
      } catch (cause) {
        throw new SpoolError('spool-write-failed', 'the spool could not write', { cause });
      }
    }
  }

  /** Gives back the files in which nothing is above the position. The last one stays: it says which positions were given. */
  removeBelow(position: number): void {
    for (;;) {
      const [oldest] = this.#sealed;
      const following = this.#sealed[1] ?? this.#active;
      if (oldest === undefined || following === null || following.first > position + 1) return;
      this.#removeFile(oldest);
      this.#sealed.shift();
    }
  }

  /** Takes a whole file away. */
  drop(segment: SegmentKey): void {
    this.#removeFile(segment);
    this.#sealed = this.#sealed.filter(({ first }) => first !== segment.first);
  }

  /** Puts these records in the place of a sealed file's; durable before the old one goes. Throws what the disk throws. */
  replace(segment: SegmentKey, records: readonly Buffer[], thinned: number): void {
    const { disk, folder } = this.#options;
    const key = { first: segment.first, thinned };
    const bytes = Buffer.concat(records);
    const path = join(folder, segmentName(key));
    const fd = disk.open(path, 'create');
    try {
      this.#writeAll(fd, bytes, 0);
      disk.syncFile(fd);
      disk.syncFolder(folder);
    } catch (error) {
      disk.close(fd);
      disk.remove(path);
      throw error;
    }
    disk.close(fd);
    this.#removeFile(segment);
    this.#sealed = this.#sealed.map((old) => (old.first === key.first ? { ...key, bytes: bytes.length } : old));
  }

  /** A descriptor to read a file by; the caller closes it. */
  openFile(segment: SegmentKey): number {
    return this.#options.disk.open(join(this.#options.folder, segmentName(segment)), 'read');
  }

  close(): void {
    this.#seal();
  }

  #write(bytes: Buffer, first: number): void {
    const { disk, segmentBytes } = this.#options;
    if (this.#active !== null && this.#active.bytes + bytes.length > segmentBytes) this.#seal();
    const active = (this.#active ??= this.#create(first));
    try {
      this.#writeAll(active.fd, bytes, active.bytes);
      disk.syncData(active.fd);
      active.bytes += bytes.length;
    } catch (error) {
      // After a failed fsync nobody knows what of it is there: what was durable stays, nothing is added to it.
      this.#options.condemned(errorCode(error));
      this.#seal();
      throw error;
    }
  }

  #create(first: number): OpenSegment {
    const { disk, folder } = this.#options;
    const key = { first, thinned: 0 };
    const path = join(folder, segmentName(key));
    const fd = disk.open(path, 'create');
    try {
      disk.syncFolder(folder);
    } catch (error) {
      disk.close(fd);
      disk.remove(path);
      throw error;
    }
    return { ...key, fd, bytes: 0 };
  }

  #writeAll(fd: number, bytes: Buffer, position: number): void {
    let written = 0;
    while (written < bytes.length) {
      const count = this.#options.disk.write(fd, bytes.subarray(written), position + written);
      if (count === 0) throw new Error('the disk wrote nothing');
      written += count;
    }
  }

  /** Nothing is added to it any more. */
  #seal(): void {
    const active = this.#active;
    if (active === null) return;
    this.#active = null;
    const { first, thinned, bytes, fd } = active;
    if (bytes > 0) this.#sealed.push({ first, thinned, bytes });
    try {
      // What stands behind was never answered for. An empty file is no use, and a full disk would bring forth thousands.
      if (bytes > 0) this.#options.disk.truncate(fd, bytes);
      else this.#removeFile(active);
    } catch (error) {
      this.#options.condemned(errorCode(error));
    } finally {
      this.#options.disk.close(fd);
    }
  }

  #removeFile(segment: SegmentKey): void {
    this.#options.disk.remove(join(this.#options.folder, segmentName(segment)));
  }

  #sizeOf(key: SegmentKey): number {
    const fd = this.openFile(key);
    try {
      return this.#options.disk.sizeBytes(fd);
    } finally {
      this.#options.disk.close(fd);
    }
  }
}
