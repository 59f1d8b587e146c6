import { Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { errorCode, JournalError } from '../../errors.ts';
import type { Page, Wanted } from './archive.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import type { StoreStats } from './store.ts';

/** First wait before a dead worker is started again, and the longest; chosen, the longest by promise. */
const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 2000;
const START_DEADLINE_MS = 5000;
const STOP_DEADLINE_MS = 5000;

export type HostState = {
  readonly isRunning: boolean;
  readonly isReady: boolean;
  readonly queuedBytes: number;
  readonly oldestWaitMs: number;
  /** Since the thread was last heard of; it reports every second. */
  readonly silentMs: number;
  readonly lastFsyncMs: number | null;
  readonly isLastRefused: boolean;
  readonly stats: StoreStats | null;
};

export type HostOptions = {
  readonly setup: WorkerSetup;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The thread's code; a parameter so that a test can give one that dies. */
  readonly workerModule: URL;
};

type Waiting<T> = { readonly resolve: (value: T) => void; readonly reject: (error: JournalError) => void };
type WaitingAppend = Waiting<void> & { readonly bytes: number; readonly sinceMs: number };

/** The main thread's end of the journal's thread: what waits for it, its death and its next life. */
export class WorkerHost {
  readonly #options: HostOptions;
  readonly #appends = new Map<number, WaitingAppend>();
  readonly #pages = new Map<number, Waiting<Page>>();
  readonly #notices: RepeatGuard;
  #worker: Worker | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  #restartMs = RESTART_FIRST_MS;
  #isWanted = false;
  #request = 0;
  #queuedBytes = 0;
  #lastFsyncMs: number | null = null;
  #isLastRefused = false;
  #isReady = false;
  #stats: StoreStats | null = null;
  #heardMs = 0;
  #onFirstState: (() => void) | null = null;
  #onExit: (() => void) | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#notices = new RepeatGuard(options.clock);
  }

  /** Resolves when the journal has said how it is, or after a deadline: a gateway starts with a sick disk, too. */
  async start(): Promise<void> {
    if (this.#isWanted) return;
    this.#isWanted = true;
    const heard = Promise.withResolvers<void>();
    const deadline = setTimeout(heard.resolve, START_DEADLINE_MS);
    this.#onFirstState = heard.resolve;
    this.#spawn();
    await heard.promise;
    clearTimeout(deadline);
    this.#onFirstState = null;
  }

  /** What waits is finished first, within a deadline. */
  async stop(): Promise<void> {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
    const worker = this.#worker;
    if (worker === null) return;
    const gone = Promise.withResolvers<void>();
    this.#onExit = gone.resolve;
    this.#post({ kind: 'stop' });
    const deadline = setTimeout(() => void worker.terminate(), STOP_DEADLINE_MS);
    await gone.promise;
    clearTimeout(deadline);
  }

  /** `json` must own its buffer; it is gone afterwards. */
  append(id: string, json: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#worker === null) return Promise.reject(new JournalError('journal-down', 'the journal is not running'));
    if (this.#queuedBytes + json.length > this.#options.setup.settings.maxQueuedBytes) {
      return Promise.reject(new JournalError('journal-full', 'too much waits for the disk'));
    }
    const request = this.#nextRequest();
    const bytes = json.length;
    this.#queuedBytes += bytes;
    const done = new Promise<void>((resolve, reject) => {
      this.#appends.set(request, { resolve, reject, bytes, sinceMs: this.#options.clock.monoMs() });
    });
    // Moved, not copied.
    this.#worker.postMessage({ kind: 'append', request, id, json } satisfies ToWorker, [json.buffer]);
    return done;
  }

  settle(id: string): void {
    this.#post({ kind: 'settle', id });
  }

  page(after: number, want: Wanted): Promise<Page> {
    if (this.#worker === null) return Promise.reject(new JournalError('journal-down', 'the journal is not running'));
    const request = this.#nextRequest();
    const done = new Promise<Page>((resolve, reject) => {
      this.#pages.set(request, { resolve, reject });
    });
    this.#post({ kind: 'page', request, after, want });
    return done;
  }

  state(): HostState {
    const oldest = this.#appends.values().next().value;
    return {
      isRunning: this.#worker !== null,
      isReady: this.#isReady,
      queuedBytes: this.#queuedBytes,
      oldestWaitMs: oldest === undefined ? 0 : this.#options.clock.monoMs() - oldest.sinceMs,
      silentMs: this.#options.clock.monoMs() - this.#heardMs,
      lastFsyncMs: this.#lastFsyncMs,
      isLastRefused: this.#isLastRefused,
      stats: this.#stats,
    };
  }

  #spawn(): void {
    const worker = new Worker(this.#options.workerModule, {
      name: 'zhuji-journal',
      workerData: this.#options.setup,
      execArgv: [],
    });
    this.#worker = worker;
    this.#heardMs = this.#options.clock.monoMs();
    worker.on('message', (message: FromWorker) => this.#receive(message));
    worker.on('error', (error) => this.#options.logger.error({ code: errorCode(error) }, 'journal worker failed'));
    worker.on('exit', () => this.#bury());
  }

  #bury(): void {
    this.#worker = null;
    this.#isReady = false;
    const down = new JournalError('journal-down', 'the journal worker ended');
    const lost = [...this.#appends.values(), ...this.#pages.values()];
    this.#appends.clear();
    this.#pages.clear();
    this.#queuedBytes = 0;
    for (const waiting of lost) waiting.reject(down);
    this.#onFirstState?.();
    this.#onExit?.();
    this.#onExit = null;
    if (!this.#isWanted) return;
    this.#options.logger.error({ waiting: lost.length, restartMs: this.#restartMs }, 'journal worker ended');
    this.#restartTimer = setTimeout(() => this.#spawn(), this.#restartMs);
    this.#restartMs = Math.min(RESTART_MAX_MS, 2 * this.#restartMs);
  }

  #receive(message: FromWorker): void {
    this.#heardMs = this.#options.clock.monoMs();
    switch (message.kind) {
      case 'durable':
        this.#lastFsyncMs = message.fsyncMs;
        this.#isLastRefused = false;
        this.#restartMs = RESTART_FIRST_MS;
        for (const request of message.requests) this.#take(request)?.resolve();
        break;
      case 'refused':
        this.#isLastRefused = true;
        for (const request of message.requests) {
          this.#take(request)?.reject(new JournalError(message.code, 'the journal refused'));
        }
        break;
      case 'page': {
        const waiting = this.#pages.get(message.request);
        this.#pages.delete(message.request);
        waiting?.resolve({ next: message.next, payloads: message.payloads });
        break;
      }
      case 'notice':
        if (this.#notices.isNews(`${message.notice.code} ${message.notice.cause ?? ''}`)) {
          this.#options.logger.error(message.notice, 'journal notice');
        }
        break;
      case 'state':
        this.#isReady = message.isReady;
        this.#stats = message.stats;
        this.#onFirstState?.();
        break;
      case 'stopped':
        break;
    }
  }

  #take(request: number): WaitingAppend | undefined {
    const waiting = this.#appends.get(request);
    if (waiting === undefined) return undefined;
    this.#appends.delete(request);
    this.#queuedBytes -= waiting.bytes;
    return waiting;
  }

  #nextRequest(): number {
    this.#request += 1;
    return this.#request;
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }
}
