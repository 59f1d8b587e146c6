import { join } from 'node:path';
import { errorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import { decodeEntry, type JournalEntry } from './entry.ts';
import type { Notify } from './notice.ts';
import { roundUpToBlock } from './open-segment.ts';
import { decodeSegment, isZero } from '../../segments/record.ts';
import { planRemoval, type RetentionRule, type SealedSegment } from './retention.ts';
import { parseSegmentName, segmentName } from './segment-name.ts';
import { Unsettled } from './unsettled.ts';

/** `next` is what to pass as `after` to go on, null at the end. */
export type Page = { readonly next: number | null; readonly payloads: readonly Uint8Array[] };

export type Wanted = 'unsettled' | 'all';

/** Everything that is only read: the sealed segments, what in them Redis has not answered, and when they may go. */
export class SegmentArchive {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #notify: Notify;
  readonly #unsettled = new Unsettled();
  readonly #sealed = new Map<number, SealedSegment>();
  #unscanned: number[] = [];

  constructor(disk: Disk, folder: string, notify: Notify) {
    this.#disk = disk;
    this.#folder = folder;
    this.#notify = notify;
  }

  /**
   * Takes over what an earlier run left, without reading it. Segments are used in order, so what that run prepared and never
   * used stands at the end: those are handed back to be written to.
   */
  adopt(nowMs: number): { readonly lastSeq: number; readonly unused: readonly number[] } {
    const seqs = this.#disk
      .list(this.#folder)
      .map(parseSegmentName)
      .filter((seq) => seq !== null)
      .toSorted((a, b) => a - b);
    const lastSeq = seqs.at(-1) ?? 0;
    const lastUsed = seqs.findLastIndex((seq) => !this.#isUnused(seq));
    const used = seqs.slice(0, lastUsed + 1);
    for (const seq of used) {
      const ageAtStartMs = Math.max(0, nowMs - this.#disk.modifiedMs(this.#path(seq)));
      this.#sealed.set(seq, { seq, sealedAtMs: null, ageAtStartMs });
    }
    this.#unscanned = used;
    if (used.length === 0) this.#unsettled.endScan();
    return { lastSeq, unused: seqs.slice(lastUsed + 1) };
  }

  seal(seq: number, monoMs: number): void {
    this.#sealed.set(seq, { seq, sealedAtMs: monoMs, ageAtStartMs: 0 });
  }

  note(seq: number, entry: JournalEntry): void {
    if (entry.kind === 'alarm') this.#unsettled.add(seq, entry.id);
    else this.#unsettled.settle(entry.id);
  }

  isScanned(): boolean {
    return this.#unscanned.length === 0;
  }

  /** Reads one segment of an earlier run; whether there was one. */
  scanNext(): boolean {
    const seq = this.#unscanned[0];
    if (seq === undefined) return false;
    const { records, faults, usedBytes } = this.#read(seq);
    if (faults.length > 0) {
      this.#notify({ code: 'segment-damaged', seq, count: faults.length, cause: faults[0]?.code ?? '' });
    }
    for (const record of records) {
      const entry = decodeEntry(record);
      if (entry !== null) this.note(seq, entry);
    }
    if (faults.length === 0) this.#trim(seq, usedBytes);
    this.#unscanned.shift();
    if (this.isScanned()) this.#unsettled.endScan();
    return true;
  }

  /** The alarms of the first segment after `after` that can have any. A segment that cannot be read gives none. */
  page(after: number, want: Wanted, activeSeq: number | null): Page {
    const seqs = [...this.#sealed.keys(), ...(activeSeq === null ? [] : [activeSeq])];
    const seq = seqs
      .filter((candidate) => candidate > after && (want === 'all' || this.#unsettled.hasAny(candidate)))
      .toSorted((a, b) => a - b)[0];
    if (seq === undefined) return { next: null, payloads: [] };
    const payloads: Uint8Array[] = [];
    for (const record of this.#read(seq).records) {
      const entry = decodeEntry(record);
      if (entry?.kind === 'alarm' && (want === 'all' || this.#unsettled.has(seq, entry.id))) payloads.push(entry.json);
    }
    return { next: seq, payloads };
  }

  /** Throws what the disk throws. */
  removeExpired(now: { readonly monoMs: number; readonly startedMonoMs: number }, rule: RetentionRule): void {
    if (!this.isScanned()) return;
    const hasUnsettled = (seq: number): boolean => this.#unsettled.hasAny(seq);
    for (const seq of planRemoval([...this.#sealed.values()], hasUnsettled, now, rule)) this.#remove(seq);
  }

  /** For a full disk: a new alarm without a copy anywhere goes before the second copy of one that Redis has. */
  removeOldestSettled(): boolean {
    if (!this.isScanned()) return false;
    const oldest = [...this.#sealed.keys()].toSorted((a, b) => a - b).find((seq) => !this.#unsettled.hasAny(seq));
    if (oldest === undefined) return false;
    this.#remove(oldest);
    this.#notify({ code: 'removed-under-pressure', seq: oldest });
    return true;
  }

  stats(): { readonly sealed: number; readonly unsettled: number } {
    return { sealed: this.#sealed.size, unsettled: this.#unsettled.count() };
  }

  #read(seq: number): ReturnType<typeof decodeSegment> {
    try {
      return decodeSegment(this.#load(seq));
    } catch (error) {
      this.#notify({ code: 'segment-unreadable', seq, cause: errorCode(error) });
      return { records: [], faults: [], usedBytes: 0 };
    }
  }

  /** A killed run leaves its last segment at full size. */
  #trim(seq: number, usedBytes: number): void {
    try {
      const fd = this.#disk.open(this.#path(seq), 'update');
      try {
        if (usedBytes > 0 && this.#disk.sizeBytes(fd) > roundUpToBlock(usedBytes)) {
          this.#disk.truncate(fd, roundUpToBlock(usedBytes));
        }
      } finally {
        this.#disk.close(fd);
      }
    } catch (error) {
      this.#notify({ code: 'disk-trouble', seq, cause: errorCode(error) });
    }
  }

  #isUnused(seq: number): boolean {
    try {
      return isZero(this.#load(seq));
    } catch (error) {
      this.#notify({ code: 'segment-unreadable', seq, cause: errorCode(error) });
      return false;
    }
  }

  #load(seq: number): Buffer {
    const fd = this.#disk.open(this.#path(seq), 'read');
    try {
      const bytes = Buffer.alloc(this.#disk.sizeBytes(fd));
      let filled = 0;
      while (filled < bytes.length) {
        const count = this.#disk.read(fd, bytes.subarray(filled), filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    } finally {
      this.#disk.close(fd);
    }
  }

  #remove(seq: number): void {
    this.#disk.remove(this.#path(seq));
    this.#sealed.delete(seq);
  }

  #path(seq: number): string {
    return join(this.#folder, segmentName(seq));
  }
}
