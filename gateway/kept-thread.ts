import { Worker, type TransferListItem } from 'node:worker_threads';
import type { Logger } from 'pino';
import { errorCode } from './errors.ts';

/** First wait before a dead thread is started again, and the longest; chosen, the longest by promise. */
const RESTART_FIRST_MS = 50;
const RESTART_MAX_MS = 2000;
const START_DEADLINE_MS = 5000;

export type KeptThreadOptions<From> = {
  /** What it works on: `zhuji-<what>` is the thread's name, and its log lines begin with it. */
  readonly what: string;
  /** The thread's code, and what it is started with. */
  readonly module: URL;
  readonly setup: unknown;
  /** How long a stop waits for what is under way. */
  readonly stopMs: number;
  /** Called for every life of the thread. */
  readonly onStarted: () => void;
  readonly onMessage: (message: From) => void;
  /** It is gone, wanted or not. Answers how many things waited for it, for the log. */
  readonly onEnded: () => number;
  readonly logger: Logger;
};

/**
 * A thread that is wanted for as long as the gateway runs: one that dies is started again, later each time until it has made
 * something durable again. Its first `state` says that it is there; `stop` asks it to end by itself.
 */
export class KeptThread<To extends { readonly kind: string }, From extends { readonly kind: string }> {
  readonly #options: KeptThreadOptions<From>;
  #worker: Worker | null = null;
  #restartTimer: NodeJS.Timeout | null = null;
  #restartMs = RESTART_FIRST_MS;
  #isWanted = false;
  #onFirstState: (() => void) | null = null;
  #onExit: (() => void) | null = null;

  constructor(options: KeptThreadOptions<From>) {
    this.#options = options;
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  get isRunning(): boolean {
    return this.#worker !== null;
  }

  /** Resolves when the thread has said how it is, or after a deadline: a gateway starts with a sick disk, too. */
  async start(): Promise<void> {
    if (this.#isWanted) return;
    this.#isWanted = true;
    const heard = Promise.withResolvers<void>();
    const startTimer = setTimeout(heard.resolve, START_DEADLINE_MS);
    this.#onFirstState = heard.resolve;
    this.#spawn();
    await heard.promise;
    clearTimeout(startTimer);
    this.#onFirstState = null;
  }

  /** What is under way is finished first, within a deadline. */
  async stop(): Promise<void> {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    if (this.#restartTimer !== null) clearTimeout(this.#restartTimer);
    this.#restartTimer = null;
    const worker = this.#worker;
    if (worker === null) return;
    const gone = Promise.withResolvers<void>();
    this.#onExit = gone.resolve;
    worker.postMessage({ kind: 'stop' });
    const stopTimer = setTimeout(() => void worker.terminate(), this.#options.stopMs);
    await gone.promise;
    clearTimeout(stopTimer);
  }

  /** What is in `moved` is gone here afterwards. Nobody hears it while there is no thread. */
  post(message: To, moved: readonly TransferListItem[] = []): void {
    this.#worker?.postMessage(message, moved);
  }

  #spawn(): void {
    const { what, module, setup, logger } = this.#options;
    const worker = new Worker(module, { name: `zhuji-${what}`, workerData: setup, execArgv: [] });
    this.#worker = worker;
    worker.on('message', (message: From) => this.#receive(message));
    worker.on('error', (error) => logger.error({ code: errorCode(error) }, `${what} worker failed`));
    worker.on('exit', () => this.#bury());
    this.#options.onStarted();
  }

  #receive(message: From): void {
    if (message.kind === 'durable') this.#restartMs = RESTART_FIRST_MS;
    this.#options.onMessage(message);
    if (message.kind === 'state') this.#onFirstState?.();
  }

  #bury(): void {
    const { what, logger } = this.#options;
    this.#worker = null;
    const waiting = this.#options.onEnded();
    this.#onFirstState?.();
    this.#onExit?.();
    this.#onExit = null;
    if (!this.#isWanted) return;
    logger.error({ waiting, restartMs: this.#restartMs }, `${what} worker ended`);
    this.#restartTimer = setTimeout(() => this.#spawn(), this.#restartMs);
    this.#restartMs = Math.min(RESTART_MAX_MS, 2 * this.#restartMs);
  }
}
