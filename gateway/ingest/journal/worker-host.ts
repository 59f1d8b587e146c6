import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { JournalError } from '../../errors.ts';
import { KeptThread } from '../../kept-thread.ts';
import type { Page, Wanted } from './archive.ts';
import type { FromWorker, ToWorker, WorkerSetup } from './messages.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import type { StoreStats } from './store.ts';

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
  readonly #thread: KeptThread<ToWorker, FromWorker>;
  #request = 0;
  #queuedBytes = 0;
  #lastFsyncMs: number | null = null;
  #isLastRefused = false;
  #isReady = false;
  #stats: StoreStats | null = null;
  #heardMs = 0;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#notices = new RepeatGuard(options.clock);
    this.#thread = new KeptThread({
      what: 'journal',
      module: options.workerModule,
      setup: options.setup,
      stopMs: STOP_DEADLINE_MS,
      onStarted: () => {
        this.#heardMs = options.clock.monoMs();
      },
      onMessage: (message) => this.#receive(message),
      onEnded: () => this.#giveUp(),
      logger: options.logger,
    });
  }

  start(): Promise<void> {
    return this.#thread.start();
  }

  stop(): Promise<void> {
    return this.#thread.stop();
  }

  /** `json` must own its buffer; it is gone afterwards. */
  append(id: string, json: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.#thread.isRunning) return Promise.reject(new JournalError('journal-down', 'the journal is not running'));
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
    this.#thread.post({ kind: 'append', request, id, json }, [json.buffer]);
    return done;
  }

  settle(id: string): void {
    this.#thread.post({ kind: 'settle', id });
  }

  page(after: number, want: Wanted): Promise<Page> {
    if (!this.#thread.isRunning) return Promise.reject(new JournalError('journal-down', 'the journal is not running'));
    const request = this.#nextRequest();
    const done = new Promise<Page>((resolve, reject) => {
      this.#pages.set(request, { resolve, reject });
    });
    this.#thread.post({ kind: 'page', request, after, want });
    return done;
  }

  state(): HostState {
    const oldest = this.#appends.values().next().value;
    return {
      isRunning: this.#thread.isRunning,
      isReady: this.#isReady,
      queuedBytes: this.#queuedBytes,
      oldestWaitMs: oldest === undefined ? 0 : this.#options.clock.monoMs() - oldest.sinceMs,
      silentMs: this.#options.clock.monoMs() - this.#heardMs,
      lastFsyncMs: this.#lastFsyncMs,
      isLastRefused: this.#isLastRefused,
      stats: this.#stats,
    };
  }

  /** How many are rejected: their devices send again. */
  #giveUp(): number {
    this.#isReady = false;
    const down = new JournalError('journal-down', 'the journal worker ended');
    const lost = [...this.#appends.values(), ...this.#pages.values()];
    this.#appends.clear();
    this.#pages.clear();
    this.#queuedBytes = 0;
    for (const waiting of lost) waiting.reject(down);
    return lost.length;
  }

  #receive(message: FromWorker): void {
    this.#heardMs = this.#options.clock.monoMs();
    switch (message.kind) {
      case 'durable':
        this.#lastFsyncMs = message.fsyncMs;
        this.#isLastRefused = false;
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
}
