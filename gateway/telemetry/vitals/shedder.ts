import { errorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import { decodeSegment, encodeRecord, RECORD_KIND, RECORD_HEADER_BYTES } from '../../segments/record.ts';
import type { Spool, SpoolSegment } from './spool.ts';
import { countMessages, MOST_THINNED, scanMessages, thinMessages } from './thin-payloads.ts';
import { NONE, type WorthCounts } from './thin.ts';

export type ShedderOptions = {
  readonly disk: Disk;
  readonly spool: Spool;
  /** First position of the file that is being read: it is left alone. */
  readonly reading: () => number | null;
  /** What the database has: nothing of it is lost. */
  readonly stored: () => number;
  /** A file could not be thinned and went whole. */
  readonly failed: (cause: string) => void;
};

/** A file that would lose less than this share of itself is left as it is: writing it anew costs more than it gives. Chosen. */
const LEAST_GAIN = 0.1;

/**
 * Makes room in the spool, a file a step: readings of the least worth go first, of these the oldest. First every file loses what
 * is not vital, then all but the extremes of five minutes, and only then the oldest goes whole.
 */
export class Shedder {
  readonly #options: ShedderOptions;
  /** Files that were looked at up to a level and had too little to give, by their first position. */
  readonly #passed = new Map<number, number>();

  constructor(options: ShedderOptions) {
    this.#options = options;
  }

  /** Looks at one file, or takes from it; what had to go. Null where there is none: neither the newest goes nor the one that is being read. */
  step(): WorthCounts | null {
    const candidates = this.#candidates();
    const least = Math.min(...candidates.map((segment) => this.#levelOf(segment)));
    const segment = candidates.find((candidate) => this.#levelOf(candidate) === least);
    return segment === undefined ? null : this.#reduce(segment, least + 1);
  }

  /** The oldest goes whole, whatever is in it: where readings come faster than steps make room. Null where there is none. */
  dropOldest(): WorthCounts | null {
    const [oldest] = this.#candidates();
    return oldest === undefined ? null : this.#reduce(oldest, MOST_THINNED + 1);
  }

  #candidates(): readonly SpoolSegment[] {
    const reading = this.#options.reading();
    const candidates = this.#options.spool
      .segments()
      .slice(0, -1)
      .filter(({ first }) => first !== reading);
    const [oldest] = candidates;
    for (const first of this.#passed.keys()) if (first < (oldest?.first ?? Infinity)) this.#passed.delete(first);
    return candidates;
  }

  #levelOf({ first, thinned }: SpoolSegment): number {
    return Math.max(thinned, this.#passed.get(first) ?? 0);
  }

  #reduce(segment: SpoolSegment, level: number): WorthCounts {
    const { spool, failed, stored } = this.#options;
    let all = NONE;
    try {
      const messages = scanMessages(this.#read(segment), stored());
      all = countMessages(messages);
      if (level > MOST_THINNED) {
        spool.drop(segment);
        return all;
      }
      const { payloads, gone } = thinMessages(messages, level);
      const bytes = payloads.reduce((sum, payload) => sum + RECORD_HEADER_BYTES + payload.length, 0);
      if (segment.bytes - bytes < LEAST_GAIN * segment.bytes) {
        this.#passed.set(segment.first, level);
        return NONE;
      }
      const records = payloads.map((payload) => encodeRecord(RECORD_KIND.vitals, payload));
      spool.replace(segment, records, level);
      return gone;
    } catch (error) {
      failed(errorCode(error));
      spool.drop(segment);
      return all;
    }
  }

  /** Payloads in their order. */
  #read(segment: SpoolSegment): Buffer[] {
    const { disk, spool } = this.#options;
    const bytes = Buffer.alloc(segment.bytes);
    const fd = spool.openFile(segment);
    try {
      let got = 0;
      while (got < bytes.length) {
        const count = disk.read(fd, bytes.subarray(got), got);
        if (count === 0) break;
        got += count;
      }
      const { records } = decodeSegment(bytes.subarray(0, got));
      return records.flatMap(({ kind, payload }) =>
        kind === RECORD_KIND.vitals ? [Buffer.from(payload.buffer, payload.byteOffset, payload.length)] : [],
      );
    } finally {
      disk.close(fd);
    }
  }
}
