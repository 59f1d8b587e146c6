import { errorCode, JournalError, type JournalErrorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import type { Notify } from './notice.ts';
import { Preallocation, sealSegment, writeAt, type OpenSegment } from './open-segment.ts';
import type { JournalSettings } from './settings.ts';

export type WriterOptions = {
  readonly disk: Disk;
  readonly folder: string;
  readonly settings: Pick<JournalSettings, 'segmentBytes' | 'sliceBytes'>;
  readonly notify: Notify;
  /** A segment has become read-only. */
  readonly sealed: (seq: number) => void;
  /** The disk is full: gives something up; false when nothing is left to give. */
  readonly freeSomething: () => boolean;
};

/** Where bytes become durable: one segment that is written to, one that lies ready behind it. */
export class SegmentWriter {
  readonly #disk: Disk;
  readonly #options: WriterOptions;
  #active: OpenSegment | null = null;
  #spare: OpenSegment | null = null;
  #making: Preallocation | null = null;
  #isMakingBlocked = false;
  #unused: number[] = [];
  #lastSeq = 0;

  constructor(options: WriterOptions) {
    this.#disk = options.disk;
    this.#options = options;
  }

  /** `unused`: segments of zeroes that an earlier run left, ascending. */
  begin(lastSeq: number, unused: readonly number[]): void {
    this.#lastSeq = lastSeq;
    this.#unused = [...unused];
  }

  /** The segment that is written to, or null before the first write and after a failure. */
  activeSeq(): number | null {
    return this.#active?.seq ?? null;
  }

  /**
   * Returns the segment in which the bytes now are; with `sync`, after they are durable. A file that fails is closed for
   * good and the bytes get one try in the next; then JournalError.
   */
  write(bytes: Buffer, sync: boolean): number {
    try {
      return this.#writeOnce(bytes, sync);
    } catch (error) {
      const isFileFault =
        error instanceof JournalError &&
        (error.code === 'journal-write-failed' || error.code === 'journal-fsync-failed');
      if (!isFileFault) throw error;
      return this.#writeOnce(bytes, sync);
    }
  }

  /** Throws JournalError `journal-no-space` when there is no segment to write to and none can be made. */
  ensureReady(): void {
    this.#room(0);
  }

  /** One slice of the segment behind the active one; whether there is more to do. */
  prepare(): boolean {
    if (this.#spare !== null || this.#active === null || this.#isMakingBlocked) return false;
    try {
      this.#making ??= this.#preallocate();
      this.#spare = this.#making.step();
      if (this.#spare !== null) this.#making = null;
    } catch (error) {
      this.#isMakingBlocked = true;
      this.#options.notify({ code: 'disk-trouble', cause: errorCode(error) });
      this.#giveUpMaking();
    }
    return true;
  }

  /** Lets `prepare` try again after a failure. */
  unblock(): void {
    this.#isMakingBlocked = false;
  }

  /** The segment that lies ready stays; the next start uses it. */
  close(): void {
    this.#giveUpMaking();
    const spare = this.#spare;
    const active = this.#active;
    this.#spare = null;
    this.#active = null;
    if (spare !== null) this.#disk.close(spare.fd);
    if (active === null) return;
    try {
      this.#disk.syncData(active.fd);
    } finally {
      sealSegment(this.#disk, active);
    }
  }

  #writeOnce(bytes: Buffer, sync: boolean): number {
    const segment = this.#room(bytes.length);
    let code: JournalErrorCode = 'journal-write-failed';
    try {
      writeAt(this.#disk, segment, bytes);
      code = 'journal-fsync-failed';
      if (sync) this.#disk.syncData(segment.fd);
      return segment.seq;
    } catch (error) {
      this.#condemn(segment, error);
      throw new JournalError(code, 'the journal could not write', { cause: error });
    }
  }

  #room(bytes: number): OpenSegment {
    if (bytes > this.#options.settings.segmentBytes) {
      throw new JournalError('journal-too-large', 'the batch is larger than a segment');
    }
    const active = this.#active;
    if (active !== null && active.position + bytes <= active.capacity) return active;
    if (active !== null) this.#seal(active);
    this.#active = this.#spare ?? this.#makeNow();
    this.#spare = null;
    return this.#active;
  }

  #makeNow(): OpenSegment {
    for (;;) {
      try {
        this.#making ??= this.#preallocate();
        const segment = this.#making.finish();
        this.#making = null;
        return segment;
      } catch (error) {
        this.#giveUpMaking();
        const isFull = errorCode(error) === 'ENOSPC';
        if (isFull && this.#options.freeSomething()) continue;
        throw new JournalError(isFull ? 'journal-no-space' : 'journal-write-failed', 'no segment can be made', {
          cause: error,
        });
      }
    }
  }

  #preallocate(): Preallocation {
    const unused = this.#unused.shift();
    if (unused === undefined) this.#lastSeq += 1;
    return new Preallocation({
      disk: this.#disk,
      folder: this.#options.folder,
      seq: unused ?? this.#lastSeq,
      capacity: this.#options.settings.segmentBytes,
      sliceBytes: this.#options.settings.sliceBytes,
      exists: unused !== undefined,
    });
  }

  #giveUpMaking(): void {
    const making = this.#making;
    this.#making = null;
    this.#attempt(() => making?.abandon());
  }

  #seal(segment: OpenSegment): void {
    this.#active = null;
    this.#options.sealed(segment.seq);
    this.#attempt(() => sealSegment(this.#disk, segment));
  }

  /** After a failed fsync the kernel forgets which pages were lost: nothing written there later could be trusted. */
  #condemn(segment: OpenSegment, cause: unknown): void {
    this.#active = null;
    this.#options.sealed(segment.seq);
    this.#options.notify({ code: 'segment-condemned', seq: segment.seq, cause: errorCode(cause) });
    this.#attempt(() => this.#disk.close(segment.fd));
  }

  /** For what a failing disk may refuse without an alarm being in danger. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.notify({ code: 'disk-trouble', cause: errorCode(error) });
    }
  }
}
