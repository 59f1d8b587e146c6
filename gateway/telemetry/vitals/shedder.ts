import { errorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import { encodeRecord, RECORD_KIND } from '../../segments/record.ts';
import { encodeRows, setPosition, type SpoolRecord } from './record.ts';
import { decodeChunk } from './spool-reader.ts';
import type { Spool, SpoolSegment } from './spool.ts';
import { addWorths, countWorths, MOST_THINNED, NONE, thinRecords, type WorthCounts } from './thin.ts';

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

/**
 * Keeps the spool within its bound: readings of the least worth go first, of these the oldest. First every file loses what is
 * not vital, then all but the extremes of five minutes, and only then the oldest goes whole.
 */
export class Shedder {
  readonly #options: ShedderOptions;

  constructor(options: ShedderOptions) {
    this.#options = options;
  }

  /** What had to go. Neither the newest file goes nor the one that is being read. */
  shed(boundBytes: number): WorthCounts {
    const { spool } = this.#options;
    let gone = NONE;
    while (spool.bytes > boundBytes) {
      const segment = this.#choose();
      if (segment === undefined) break;
      gone = addWorths(gone, this.#reduce(segment));
    }
    return gone;
  }

  #choose(): SpoolSegment | undefined {
    const reading = this.#options.reading();
    const candidates = this.#options.spool
      .segments()
      .slice(0, -1)
      .filter(({ first }) => first !== reading);
    const leastThinned = Math.min(...candidates.map(({ thinned }) => thinned));
    return candidates.find(({ thinned }) => thinned === leastThinned);
  }

  #reduce(segment: SpoolSegment): WorthCounts {
    const { spool, failed, stored } = this.#options;
    let before: readonly SpoolRecord[] = [];
    try {
      before = this.#read(segment).filter(({ position }) => position > stored());
      if (segment.thinned >= MOST_THINNED) {
        spool.drop(segment);
        return countRows(before);
      }
      const after = thinRecords(before, segment.thinned + 1);
      spool.replace(segment, after.flatMap(encode), segment.thinned + 1);
      return subtract(countRows(before), countRows(after));
    } catch (error) {
      failed(errorCode(error));
      spool.drop(segment);
      return countRows(before);
    }
  }

  #read(segment: SpoolSegment): readonly SpoolRecord[] {
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
      return decodeChunk(bytes.subarray(0, got), true).records;
    } finally {
      disk.close(fd);
    }
  }
}

function encode({ position, rows }: SpoolRecord): Buffer[] {
  const payload = encodeRows(rows);
  if (payload === undefined) return [];
  setPosition(payload, position);
  return [encodeRecord(RECORD_KIND.vitals, payload)];
}

function countRows(records: readonly SpoolRecord[]): WorthCounts {
  return countWorths(records.flatMap(({ rows }) => rows));
}

function subtract(a: WorthCounts, b: WorthCounts): WorthCounts {
  return { flagged: a.flagged - b.flagged, everyday: a.everyday - b.everyday, vital: a.vital - b.vital };
}
