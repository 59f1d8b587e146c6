import { DC4, MAX_FRAME_BYTES } from './limits.ts';

/**
 * What a line holds, in its order. `frame`: the bytes before a DC4, of printable ASCII unless the line is disturbed. `noise`: so many
 * bytes belong to no frame. `over-long`: more than any frame without an end; it was dropped.
 */
export type SurGardPiece =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'noise'; readonly count: number }
  | { readonly kind: 'over-long'; readonly count: number };

/**
 * Cuts a stream of bytes at its DC4s. Never throws, holds at most MAX_FRAME_BYTES. Bytes below a space in front of a frame are noise
 * (a modem that wakes up, an answer that is echoed); within one they stay, and the decoder refuses it.
 */
export class SurGardFramer {
  readonly #held = new Uint8Array(MAX_FRAME_BYTES);
  #length = 0;
  /** Too long already: everything up to the next DC4 belongs to it. */
  #overlong = 0;

  push(chunk: Uint8Array): readonly SurGardPiece[] {
    const pieces: SurGardPiece[] = [];
    let noise = 0;
    for (const byte of chunk) {
      const isNoise = this.#length === 0 && this.#overlong === 0 && (byte < 0x20 || byte > 0x7e);
      if (isNoise) {
        noise += 1;
        continue;
      }
      if (noise > 0) pieces.push({ kind: 'noise', count: noise });
      noise = 0;
      this.#take(byte, pieces);
    }
    if (noise > 0) pieces.push({ kind: 'noise', count: noise });
    return pieces;
  }

  /** Forgets half a frame: its other half does not come after an unplug. How many bytes it was. */
  reset(): number {
    const dropped = this.#length + this.#overlong;
    this.#length = 0;
    this.#overlong = 0;
    return dropped;
  }

  #take(byte: number, pieces: SurGardPiece[]): void {
    if (byte === DC4) {
      if (this.#overlong > 0) pieces.push({ kind: 'over-long', count: this.#overlong });
      else pieces.push({ kind: 'frame', bytes: this.#held.slice(0, this.#length) });
      this.#length = 0;
      this.#overlong = 0;
    } else if (this.#overlong > 0 || this.#length === MAX_FRAME_BYTES) {
      this.#overlong += this.#length + 1;
      this.#length = 0;
    } else {
      this.#held[this.#length] = byte;
      this.#length += 1;
    }
  }
}
