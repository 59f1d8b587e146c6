import { errorCode, JournalError } from '../../errors.ts';
import { planBatches, type Append } from './batch.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import type { JournalStore } from './store.ts';

/** Most bytes that one fsync makes durable; chosen. */
const MAX_BATCH_BYTES = 1024 * 1024;

/** Settlements are kept back until an alarm is written anyway, or until there are so many; chosen. */
const MAX_SETTLEMENTS_HELD = 1000;

export type DeskOptions = {
  readonly store: JournalStore;
  readonly segmentBytes: number;
  readonly answer: (message: FromWorker) => void;
  readonly monoMs: () => number;
};

/** What the worker does with its messages: alarms first and in groups, then settlements, then reading. */
export class JournalDesk {
  readonly #store: JournalStore;
  readonly #options: DeskOptions;
  #settlements: string[] = [];
  #reads: Extract<ToWorker, { kind: 'page' }>[] = [];
  #isOpen = false;
  #isBeatDue = false;

  constructor(options: DeskOptions) {
    this.#store = options.store;
    this.#options = options;
  }

  /** Opens the folder, or tries again after it failed; harmless when all is well. */
  revive(): void {
    try {
      if (!this.#isOpen) this.#store.open();
      this.#isOpen = true;
      this.#store.ensureReady();
    } catch (error) {
      this.#options.answer({ kind: 'notice', notice: { code: 'disk-trouble', cause: errorCode(error) } });
    }
  }

  /** Everything that had come when the worker looked. */
  handle(messages: readonly ToWorker[]): void {
    const appends: Append[] = [];
    for (const message of messages) {
      if (message.kind === 'append') appends.push(message);
      else if (message.kind === 'settle') this.#settlements.push(message.id);
      else if (message.kind === 'page') this.#reads.push(message);
    }
    const maxBytes = Math.min(MAX_BATCH_BYTES, this.#options.segmentBytes);
    for (const batch of planBatches(appends, maxBytes)) this.#append(batch);
    if (this.#settlements.length >= MAX_SETTLEMENTS_HELD) this.flushSettlements();
  }

  /** Called at intervals: one without an alarm between them tries the disk. */
  beat(): void {
    if (this.#isBeatDue) this.#durably([], () => this.#store.beat());
    this.#isBeatDue = true;
  }

  flushSettlements(): void {
    if (this.#settlements.length === 0 || !this.#isOpen) return;
    const ids = this.#settlements;
    this.#settlements = [];
    this.#store.settle(ids);
  }

  /** One piece of work that can wait; whether there may be more. */
  idle(): boolean {
    if (!this.#isOpen) return false;
    if (this.#store.idle()) return true;
    const read = this.#reads.shift();
    if (read === undefined) return false;
    this.flushSettlements();
    const page = this.#store.page(read.after, read.want);
    this.#options.answer({ kind: 'page', request: read.request, ...page });
    return this.#reads.length > 0;
  }

  tidy(): void {
    if (this.#isOpen) this.#store.tidy();
  }

  report(): void {
    if (this.#isOpen) this.#store.watchSpace();
    const isReady = this.#isOpen && this.#store.isReady();
    const isScanned = this.#isOpen && this.#store.isScanned();
    this.#options.answer({ kind: 'state', isReady, isScanned, stats: this.#store.stats() });
  }

  stop(): void {
    this.flushSettlements();
    try {
      if (this.#isOpen) this.#store.close();
    } catch (error) {
      this.#options.answer({ kind: 'notice', notice: { code: 'disk-trouble', cause: errorCode(error) } });
    }
    this.#isOpen = false;
    this.#options.answer({ kind: 'stopped' });
  }

  #append(batch: readonly Append[]): void {
    this.#isBeatDue = false;
    const requests = batch.map((append) => append.request);
    this.#durably(requests, () => this.#store.append(batch.map(({ id, json }) => ({ kind: 'alarm', id, json }))));
  }

  #durably(requests: readonly number[], work: () => void): void {
    const startedMs = this.#options.monoMs();
    try {
      if (!this.#isOpen) throw new JournalError('journal-down', 'the journal folder is not open');
      work();
      this.#options.answer({ kind: 'durable', requests, fsyncMs: this.#options.monoMs() - startedMs });
    } catch (error) {
      const code = error instanceof JournalError ? error.code : 'journal-write-failed';
      // Whether the disk is well again is to be known soon, alarm or not.
      this.#isBeatDue = true;
      this.#options.answer({ kind: 'refused', requests, code });
    }
  }
}
