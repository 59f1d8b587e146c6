import { MAX_LINE_BYTES } from './limits.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Grows with what could not be kept. */
export type FramerCounters = { readonly overlongLines: number };

/**
 * Bytes → lines. A line ends with CR, LF or both (ITU-T V.250 §5.7.1: result codes stand between CR LF); empty ones are left
 * out. A line that is too long is dropped up to its end and counted. Pure but for its own memory.
 */
export class LineFramer {
  readonly #line = new Uint8Array(MAX_LINE_BYTES);
  #length = 0;
  #isOverlong = false;
  #overlongLines = 0;

  /** The lines that these bytes end, each a copy of its own. */
  push(bytes: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === CR || byte === LF) {
        if (!this.#isOverlong && this.#length > 0) lines.push(this.#line.slice(0, this.#length));
        this.#begin();
      } else if (this.#length < MAX_LINE_BYTES) {
        this.#line[this.#length] = byte;
        this.#length += 1;
      } else if (!this.#isOverlong) {
        this.#isOverlong = true;
        this.#overlongLines += 1;
      }
    }
    return lines;
  }

  /** Forgets half a line: its other half does not come after an unplug. */
  reset(): void {
    this.#begin();
  }

  get counters(): FramerCounters {
    return { overlongLines: this.#overlongLines };
  }

  #begin(): void {
    this.#length = 0;
    this.#isOverlong = false;
  }
}
