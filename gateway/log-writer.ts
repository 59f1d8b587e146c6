import { constants, openSync, write, writeSync } from 'node:fs';

/** Where the bytes go. `begin` answers later, with how many were taken; `force` waits, and throws where that fails. */
export type LogSink = {
  readonly begin: (bytes: Buffer, done: (error: Error | null, taken: number) => void) => void;
  readonly force: (bytes: Buffer) => number;
};

/** What waits for a sink that takes nothing; beyond it lines are counted instead of kept. Chosen. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_CHUNK_BYTES = 64 * 1024;
/** How soon a sink that failed, or is full for the moment, is tried again. Chosen. */
const RETRY_MS = 100;

/**
 * Writes log lines so that no alarm ever waits for one (promise P2): whatever becomes of the log's disk, pipe or terminal,
 * `write` neither waits nor throws, and memory stays bounded. pino's own destination ends the process at the first line
 * that a full disk refuses, and then never comes to that end (seen with sonic-boom 4.2).
 */
export class LogWriter {
  readonly #sink: LogSink;
  readonly #describeLoss: (lines: number) => string;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lostLines = 0;
  /** Taken out of the queue and not written to the end. */
  #unsent: Buffer | null = null;
  #isBusy = false;
  #retryTimer: NodeJS.Timeout | null = null;

  constructor(sink: LogSink, describeLoss: (lines: number) => string) {
    this.#sink = sink;
    this.#describeLoss = describeLoss;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#lostLines += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    if (this.#retryTimer === null) this.#begin();
  }

  /** For the end of the process: what waits, in one attempt. Nothing where a write hangs: the end would hang with it. */
  flushSync(): void {
    if (this.#isBusy) return;
    try {
      for (let bytes = this.#next(); bytes !== null; bytes = this.#next()) {
        const taken = this.#sink.force(bytes);
        this.#unsent = taken < bytes.length ? bytes.subarray(taken) : null;
      }
    } catch {
      // There is no place left to say it.
    }
  }

  #begin(): void {
    if (this.#isBusy) return;
    const bytes = this.#next();
    if (bytes === null) return;
    this.#isBusy = true;
    this.#sink.begin(bytes, (error, taken) => {
      this.#isBusy = false;
      this.#unsent = error !== null || taken < bytes.length ? bytes.subarray(taken) : null;
      if (error === null) this.#begin();
      else this.#tryAgainLater();
    });
  }

  #tryAgainLater(): void {
    this.#retryTimer ??= setTimeout(() => {
      this.#retryTimer = null;
      this.#begin();
    }, RETRY_MS).unref();
  }

  #next(): Buffer | null {
    if (this.#unsent !== null) return this.#unsent;
    let text = '';
    let lines = 0;
    for (const line of this.#waiting) {
      if (text.length + line.length > MAX_CHUNK_BYTES && lines > 0) break;
      text += line;
      lines += 1;
    }
    this.#waiting.splice(0, lines);
    this.#waitingBytes -= Buffer.byteLength(text);
    // Lines are lost only behind a full queue, so this stands where they would.
    if (this.#waiting.length === 0 && this.#lostLines > 0) {
      text += this.#describeLoss(this.#lostLines);
      this.#lostLines = 0;
    }
    this.#unsent = text === '' ? null : Buffer.from(text);
    return this.#unsent;
  }
}

/** A file descriptor of this process as a sink, one write at a time in libuv's pool. */
export function descriptorSink(descriptor: number): LogSink {
  const fd = openWithoutWaiting(descriptor);
  return {
    begin: (bytes, done) => write(fd, bytes, (error, taken) => done(error, error === null ? taken : 0)),
    force: (bytes) => writeSync(fd, bytes),
  };
}

/**
 * The same pipe, terminal or file, opened anew: a full one then says EAGAIN instead of holding a thread and with it the end
 * of the process, and nobody who shares the descriptor is affected. A socket (systemd's journal) and a system without /proc
 * have only the descriptor itself; there a write that hangs costs one of the pool's threads.
 */
function openWithoutWaiting(descriptor: number): number {
  try {
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_APPEND | constants.O_NONBLOCK);
  } catch {
    return descriptor;
  }
}
