import { join } from 'node:path';
import { errorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import type { Refused } from './store-batch.ts';

const FILE = 'put-aside.ndjson';
/** Beyond it rows are only counted; chosen. */
const MOST_BYTES = 1024 * 1024;
/** These are health data: they do not stay for ever. As long as journal and dumps (design §7). */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Rows that the database refuses, a JSON object a line, for whoever looks for the fault. */
export class PutAside {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #failed: (cause: string) => void;

  constructor(disk: Disk, folder: string, failed: (cause: string) => void) {
    this.#disk = disk;
    this.#folder = folder;
    this.#failed = failed;
  }

  /** Removes what has been lying there for too long. */
  tidy(nowMs: number): void {
    this.#attempt(() => {
      if (!this.#exists()) return;
      const path = join(this.#folder, FILE);
      if (nowMs - this.#disk.modifiedMs(path) > KEPT_MS) this.#disk.remove(path);
    });
  }

  readonly put = (refused: readonly Refused[]): void => {
    this.#attempt(() => {
      const text = refused.map(({ row, code }) => `${JSON.stringify({ code, ...row })}\n`).join('');
      const fd = this.#disk.open(join(this.#folder, FILE), this.#exists() ? 'update' : 'create');
      try {
        const at = this.#disk.sizeBytes(fd);
        const bytes = Buffer.from(text).subarray(0, Math.max(0, MOST_BYTES - at));
        for (let done = 0; done < bytes.length;) done += this.#disk.write(fd, bytes.subarray(done), at + done);
      } finally {
        this.#disk.close(fd);
      }
    });
  };

  #exists(): boolean {
    return this.#disk.list(this.#folder).includes(FILE);
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(errorCode(error));
    }
  }
}
