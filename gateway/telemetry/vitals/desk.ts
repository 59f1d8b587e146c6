import { errorCode } from '../../errors.ts';
import type { Disk } from '../../segments/disk.ts';
import type { ObservationsTable } from '../observations/writer-port.ts';
import type { WriterConnection } from './connection.ts';
import type { FromVitals, VitalsState } from './messages.ts';
import { unpackPayloads } from './payloads.ts';
import { planBound, type Bound } from './plan-bound.ts';
import { PutAside } from './put-aside.ts';
import { calcSegmentBytes } from './settings.ts';
import { Shedder } from './shedder.ts';
import { loadSpoolId, renewSpoolId } from './spool-id.ts';
import { SpoolReader } from './spool-reader.ts';
import { Spool } from './spool.ts';
import type { Refused } from './store-batch.ts';
import { addWorths, NONE } from './thin.ts';
import { VitalsWriter } from './writer.ts';

export type DeskOptions = {
  readonly folder: string;
  readonly spoolBytes: number;
  readonly disk: Disk;
  readonly connect: (onBroken: () => void) => Promise<WriterConnection>;
  readonly newTable: () => ObservationsTable;
  readonly newSpoolId: () => string;
  readonly answer: (message: FromVitals) => void;
  readonly nowMs: () => number;
  readonly monoMs: () => number;
};

/** So much of the bound is left free, and so long a group of messages is followed by making room; the step under way is ended. Chosen. */
const MARGIN = 1 / 16;
const ROOM_MS = 50;
const NOTHING_STORED = -1;

/** What the thread of the vitals does with its messages. */
export class VitalsDesk {
  readonly #options: DeskOptions;
  readonly #spool: Spool;
  readonly #reader: SpoolReader;
  readonly #writer: VitalsWriter;
  readonly #shedder: Shedder;
  readonly #aside: PutAside;
  #spoolId = '';
  #isOpen = false;
  #stored = NOTHING_STORED;
  #bound: Bound;
  #shed = NONE;
  #diskFault: string | null = null;

  constructor(options: DeskOptions) {
    const { disk, folder, spoolBytes } = options;
    const notify = (code: Extract<FromVitals, { kind: 'notice' }>['code']) => (cause: string) =>
      options.answer({ kind: 'notice', code, cause });
    this.#options = options;
    this.#bound = { bytes: spoolBytes, isTight: false };
    const segmentBytes = calcSegmentBytes(spoolBytes);
    this.#spool = new Spool({ disk, folder, segmentBytes, condemned: notify('file-given-up') });
    this.#reader = new SpoolReader(disk, this.#spool);
    this.#aside = new PutAside(disk, folder, notify('not-put-aside'));
    this.#shedder = new Shedder({
      disk,
      spool: this.#spool,
      reading: () => this.#reader.reading,
      stored: () => this.#stored,
      failed: notify('not-thinned'),
    });
    this.#writer = new VitalsWriter({
      connect: options.connect,
      newTable: options.newTable,
      reader: this.#reader,
      spoolId: () => this.#spoolId,
      renew: () => {
        this.#spoolId = renewSpoolId(disk, folder, options.newSpoolId);
        notify('new-spool-id')('the database was ahead');
      },
      next: () => this.#spool.next,
      onStored: (position) => {
        this.#stored = position;
        // A file that cannot be removed costs room, and must not cost the next batch.
        this.#attempt(() => this.#spool.removeBelow(position));
      },
      putAside: (refused: readonly Refused[]) => {
        for (const { code } of refused.slice(0, 1)) notify('row-refused')(code);
        this.#aside.put(refused);
      },
      monoMs: options.monoMs,
    });
  }

  /** Opens the folder, or tries again after it failed; harmless when all is well. */
  revive(): void {
    if (this.#isOpen) return;
    try {
      this.#spool.open();
      this.#spoolId = loadSpoolId(this.#options.disk, this.#options.folder, this.#options.newSpoolId);
      this.#aside.tidy(this.#options.nowMs());
      this.#isOpen = true;
      this.#diskFault = null;
      this.#writer.start();
    } catch (error) {
      this.#diskFault = errorCode(error);
      this.#options.answer({ kind: 'notice', code: 'disk-trouble', cause: errorCode(error) });
    }
  }

  append(request: number, bytes: Uint8Array<ArrayBuffer>): void {
    const startedMs = this.#options.monoMs();
    try {
      if (!this.#isOpen) throw new Error('the folder of the spool is not open');
      this.#spool.append(unpackPayloads(bytes));
      this.#diskFault = null;
      this.#options.answer({ kind: 'durable', request, fsyncMs: this.#options.monoMs() - startedMs });
    } catch (error) {
      const code = errorCode(error);
      this.#diskFault = code;
      this.#options.answer({ kind: 'refused', request, code });
    }
    this.#writer.trigger();
    this.#makeRoom();
  }

  report(): void {
    this.#watchSpace();
    const state: VitalsState = {
      diskFault: this.#diskFault,
      spoolBytes: this.#spool.bytes,
      boundBytes: this.#bound.bytes,
      segments: this.#spool.segments().length,
      shed: this.#shed,
      damaged: this.#reader.damaged,
      writer: this.#writer.state(),
    };
    this.#options.answer({ kind: 'state', state });
  }

  async stop(): Promise<void> {
    await this.#writer.stop();
    this.#reader.close();
    this.#attempt(() => this.#spool.close());
    this.report();
    this.#options.answer({ kind: 'stopped' });
  }

  /** Begins before the bound is reached, so that there is time to choose; who comes meanwhile waits for one step at most. */
  #makeRoom(): void {
    const untilMs = this.#options.monoMs() + ROOM_MS;
    const goalBytes = this.#bound.bytes * (1 - MARGIN);
    this.#attempt(() => {
      while (this.#spool.bytes > goalBytes) {
        const isHasty = this.#options.monoMs() >= untilMs;
        if (isHasty && this.#spool.bytes <= this.#bound.bytes) return;
        const gone = isHasty ? this.#shedder.dropOldest() : this.#shedder.step();
        if (gone === null) return;
        this.#shed = addWorths(this.#shed, gone);
      }
    });
  }

  #watchSpace(): void {
    if (!this.#isOpen) return;
    this.#attempt(() => {
      const { disk, folder, spoolBytes } = this.#options;
      this.#bound = planBound(this.#bound, { spoolBytes, heldBytes: this.#spool.bytes, ...disk.space(folder) });
      // Nobody may speak for a long time: a disk with room again is well again without a message to try it.
      if (!this.#bound.isTight && this.#diskFault === 'spool-no-space') this.#diskFault = null;
    });
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.answer({ kind: 'notice', code: 'disk-trouble', cause: errorCode(error) });
    }
  }
}
