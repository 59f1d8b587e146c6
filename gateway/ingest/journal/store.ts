import { errorCode } from '../../errors.ts';
import { SegmentArchive, type Page, type Wanted } from './archive.ts';
import type { Disk } from '../../segments/disk.ts';
import { encodeBeat, encodeEntry, type JournalEntry } from './entry.ts';
import type { Notify } from './notice.ts';
import { Reserve } from './reserve.ts';
import type { JournalSettings } from './settings.ts';
import { SegmentWriter } from './writer.ts';

export type StoreOptions = {
  readonly disk: Disk;
  readonly folder: string;
  readonly settings: JournalSettings;
  readonly nowMs: () => number;
  readonly monoMs: () => number;
  readonly notify: Notify;
};

export type StoreStats = {
  readonly segments: number;
  readonly unsettled: number;
  readonly hasReserve: boolean;
  /** Null when the disk does not say. */
  readonly freePct: number | null;
};

/** Free space below which the reserve is given up, and above which it is made again; percent, the second chosen. */
const GIVE_UP_BELOW_PCT = 2;
const MAKE_ABOVE_PCT = 5;

/** The journal's folder. Synchronous throughout; it lives in the journal's thread. */
export class JournalStore {
  readonly #options: StoreOptions;
  readonly #archive: SegmentArchive;
  readonly #writer: SegmentWriter;
  readonly #reserve: Reserve;
  #startedMonoMs = 0;

  constructor(options: StoreOptions) {
    const { disk, folder, settings, notify } = options;
    this.#options = options;
    this.#archive = new SegmentArchive(disk, folder, notify);
    this.#reserve = new Reserve(disk, folder, settings.reserveBytes);
    this.#writer = new SegmentWriter({
      disk,
      folder,
      settings,
      notify,
      sealed: (seq) => this.#archive.seal(seq, options.monoMs()),
      freeSomething: () => this.#freeSomething(),
    });
  }

  /** Looks at what is there, without reading it all; throws what the disk throws. Then `ensureReady`. */
  open(): void {
    const { disk, folder, nowMs, monoMs } = this.#options;
    this.#startedMonoMs = monoMs();
    disk.makeFolder(folder);
    this.#reserve.find();
    const { lastSeq, unused } = this.#archive.adopt(nowMs());
    this.#writer.begin(lastSeq, unused);
  }

  /** Makes a segment ready to be written to; throws JournalError while that is not possible. */
  ensureReady(): void {
    this.#writer.ensureReady();
  }

  isReady(): boolean {
    return this.#writer.activeSeq() !== null;
  }

  /** Returns after all entries, as one piece, are durable. Throws JournalError when they are not. */
  append(entries: readonly JournalEntry[]): void {
    const seq = this.#writer.write(Buffer.concat(entries.map(encodeEntry)), true);
    for (const entry of entries) this.#archive.note(seq, entry);
  }

  /** Tries the disk without an alarm, so that a dying one is known before it is needed. Throws JournalError. */
  beat(): void {
    this.#writer.write(encodeBeat(), true);
  }

  /** Redis has these. Not fsynced: what is forgotten by a crash is sent to Redis once more, under the same id. */
  settle(ids: readonly string[]): void {
    const entries = ids.map((id): JournalEntry => ({ kind: 'settled', id }));
    for (const entry of entries) this.#archive.note(0, entry);
    try {
      this.#writer.write(Buffer.concat(entries.map(encodeEntry)), false);
    } catch (error) {
      this.#options.notify({ code: 'settlement-not-written', cause: errorCode(error), count: ids.length });
    }
  }

  /** One small piece of work that can wait; whether there may be more. */
  idle(): boolean {
    return this.#archive.scanNext() || this.#writer.prepare();
  }

  isScanned(): boolean {
    return this.#archive.isScanned();
  }

  page(after: number, want: Wanted): Page {
    return this.#archive.page(after, want, this.#writer.activeSeq());
  }

  /** Removes what is past its retention; makes the reserve again when there is plenty of room. */
  tidy(): void {
    const { disk, folder, settings, monoMs, notify } = this.#options;
    this.#writer.unblock();
    try {
      this.#archive.removeExpired({ monoMs: monoMs(), startedMonoMs: this.#startedMonoMs }, settings);
      if (!this.#reserve.exists() && this.#hasPlenty(disk.space(folder))) this.#reserve.make();
    } catch (error) {
      notify({ code: 'disk-trouble', cause: errorCode(error) });
    }
  }

  /** Nearly full: the reserve makes room before the first write of anybody on this disk fails. */
  watchSpace(): void {
    const freePct = this.#freePct();
    if (freePct === null || !(freePct < GIVE_UP_BELOW_PCT)) return;
    try {
      if (this.#reserve.release()) this.#options.notify({ code: 'reserve-released' });
    } catch (error) {
      this.#options.notify({ code: 'disk-trouble', cause: errorCode(error) });
    }
  }

  stats(): StoreStats {
    const { sealed, unsettled } = this.#archive.stats();
    return {
      segments: sealed + (this.isReady() ? 1 : 0),
      unsettled,
      hasReserve: this.#reserve.exists(),
      freePct: this.#freePct(),
    };
  }

  close(): void {
    this.#writer.close();
  }

  #freeSomething(): boolean {
    if (this.#reserve.release()) {
      this.#options.notify({ code: 'reserve-released' });
      return true;
    }
    return this.#archive.removeOldestSettled();
  }

  #hasPlenty({ freeBytes, totalBytes }: { readonly freeBytes: number; readonly totalBytes: number }): boolean {
    const { reserveBytes } = this.#options.settings;
    const wouldBeTooLittle = (100 * (freeBytes - reserveBytes)) / totalBytes <= MAKE_ABOVE_PCT;
    return freeBytes > 4 * reserveBytes && !wouldBeTooLittle;
  }

  #freePct(): number | null {
    try {
      const { freeBytes, totalBytes } = this.#options.disk.space(this.#options.folder);
      return totalBytes === 0 ? null : (100 * freeBytes) / totalBytes;
    } catch (error) {
      this.#options.notify({ code: 'disk-trouble', cause: errorCode(error) });
      return null;
    }
  }
}
