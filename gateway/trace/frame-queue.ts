import type { FrameTrace, TracedFrame } from '../../devices/links/ports.ts';
import { formatLine } from './frame-line.ts';

export type FrameQueueOptions = {
  /** Keeps whole lines; rejects where the disk does not take them. Called one at a time. */
  readonly write: (lines: Buffer) => Promise<void>;
  /** So many frames were not kept. */
  readonly onLost: (frames: number) => void;
  readonly nowMs: () => number;
};

/** What may wait for a disk that is slow; beyond it frames are counted instead of kept. Chosen. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_BYTES = 256 * 1024;
/** Frames of so long are written together; chosen. */
const GATHER_MS = 100;

/**
 * Takes frames for the trace. Whatever the disk does, `frame` neither waits nor throws and memory stays bounded (promise P2); what
 * the disk refused is lost and counted, never tried again.
 */
export class FrameQueue implements FrameTrace {
  readonly #options: FrameQueueOptions;
  #lines: string[] = [];
  #waitingBytes = 0;
  /** Frames that were taken, and of them those that are written or lost, in the same order. */
  #taken = 0;
  #settled = 0;
  #lost = 0;
  #gatherTimer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  /** Frames that were not kept since the start. */
  get lost(): number {
    return this.#lost;
  }

  frame(frame: TracedFrame): void {
    const line = formatLine(frame, this.#options.nowMs());
    const bytes = Buffer.byteLength(line);
    if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) {
      this.#lose(1);
      return;
    }
    this.#lines.push(line);
    this.#taken += 1;
    this.#waitingBytes += bytes;
    this.#gatherTimer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Resolves when all that was taken before the call is written or lost, however much comes behind it; never rejects. */
  async flush(): Promise<void> {
    if (this.#gatherTimer !== null) clearTimeout(this.#gatherTimer);
    this.#gatherTimer = null;
    const until = this.#taken;
    while (this.#settled < until) {
      this.#writing ??= this.#writeBatch().finally(() => {
        this.#writing = null;
      });
      await this.#writing;
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    const bytes = Buffer.from(batch.join(''));
    try {
      await this.#options.write(bytes);
    } catch {
      // The writer tells why; here it is only counted.
      this.#lose(batch.length);
    }
    this.#waitingBytes -= bytes.length;
    this.#settled += batch.length;
  }

  #takeBatch(): string[] {
    let length = 0;
    let count = 0;
    for (const line of this.#lines) {
      if (count > 0 && length + line.length > MAX_BATCH_BYTES) break;
      length += line.length;
      count += 1;
    }
    return this.#lines.splice(0, count);
  }

  #lose(frames: number): void {
    this.#lost += frames;
    this.#options.onLost(frames);
  }
}
