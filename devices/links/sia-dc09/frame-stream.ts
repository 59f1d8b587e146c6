import { Dc09Framer } from '../../../protocols/sia-dc09/framer.ts';
import type { Dc09Counters } from './counters.ts';

/** Cuts bytes into frames, and counts what is none. */
export class FrameStream {
  readonly #framer = new Dc09Framer();
  readonly #counters: Dc09Counters;
  readonly #take: (frame: Uint8Array) => void;

  constructor(counters: Dc09Counters, take: (frame: Uint8Array) => void) {
    this.#counters = counters;
    this.#take = take;
  }

  push(bytes: Uint8Array): void {
    for (const piece of this.#framer.push(bytes)) {
      switch (piece.kind) {
        case 'frame':
          this.#take(piece.bytes);
          break;
        case 'garbage':
          this.#counters.garbageBytes += piece.count;
          break;
        case 'over-long':
          this.#counters.overLong += 1;
          this.#counters.garbageBytes += piece.count;
          break;
      }
    }
  }

  /** Nothing more comes: what is half stays half. */
  end(): void {
    this.#counters.garbageBytes += this.#framer.pendingBytes;
  }
}
