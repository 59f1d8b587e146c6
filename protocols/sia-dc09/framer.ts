import { judgeHead } from './frame-head.ts';
import { MAX_FRAME_BYTES } from './limits.ts';

/**
 * What a stream holds, in its order. `frame`: from LF to CR, both included, its CRC not yet looked at. `garbage`: so many bytes belong
 * to no frame. `over-long`: a frame was cut off after so many bytes; what follows of it is garbage.
 */
export type Dc09Piece =
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'garbage'; readonly count: number }
  | { readonly kind: 'over-long'; readonly count: number };

const LF = 0x0a;
const CR = 0x0d;

/**
 * Cuts a stream of DC-09 frames (TCP) apart, in chunks of any size. Never throws, holds at most MAX_FRAME_BYTES. A frame begins at an LF
 * that has CRC, LEN and a quote behind it, and ends at CR; an LF within one begins the next and makes the first part garbage.
 */
export class Dc09Framer {
  readonly #maxBytes: number;
  #held: Uint8Array = new Uint8Array(256);
  #length = 0;
  /** The head of what is held was judged and is one. */
  #isInside = false;

  constructor(maxBytes: number = MAX_FRAME_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes of a frame that has begun and not ended: what is left when the connection ends is garbage. */
  get pendingBytes(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): readonly Dc09Piece[] {
    const pieces = new Pieces();
    for (const byte of chunk) this.#take(byte, pieces);
    return pieces.done();
  }

  #take(byte: number, pieces: Pieces): void {
    if (this.#length === 0 && byte !== LF) {
      pieces.garbage(1);
      return;
    }
    if (this.#isInside && byte === LF) {
      pieces.garbage(this.#length);
      this.#length = 0;
      this.#isInside = false;
    }
    this.#hold(byte);
    if (!this.#isInside) this.#judge(pieces);
    else if (byte === CR) {
      pieces.add({ kind: 'frame', bytes: this.#held.slice(0, this.#length) });
      this.#forget();
    } else if (this.#length >= this.#maxBytes) {
      pieces.add({ kind: 'over-long', count: this.#length });
      this.#forget();
    }
  }

  /** Two bytes of a binary CRC may be LF, CR or anything, so a head is judged as a whole and what is none is looked through. */
  #judge(pieces: Pieces): void {
    let head = judgeHead(this.#held, this.#length);
    while (head === 'none') {
      const next = this.#held.subarray(0, this.#length).indexOf(LF, 1);
      const dropped = next === -1 ? this.#length : next;
      pieces.garbage(dropped);
      this.#held.copyWithin(0, dropped, this.#length);
      this.#length -= dropped;
      if (this.#length === 0) return;
      head = judgeHead(this.#held, this.#length);
    }
    this.#isInside = head !== 'more';
  }

  #hold(byte: number): void {
    if (this.#length === this.#held.length) {
      const larger = new Uint8Array(Math.min(this.#held.length * 2, Math.max(this.#maxBytes, 256)));
      larger.set(this.#held);
      this.#held = larger;
    }
    this.#held[this.#length] = byte;
    this.#length += 1;
  }

  #forget(): void {
    this.#length = 0;
    this.#isInside = false;
    // What one long frame needed is not kept for the life of the connection.
    if (this.#held.length > 1024) this.#held = new Uint8Array(256);
  }
}

/** Collects pieces in order; garbage that stands together is one. */
class Pieces {
  readonly #pieces: Dc09Piece[] = [];
  #garbage = 0;

  garbage(count: number): void {
    this.#garbage += count;
  }

  add(piece: Dc09Piece): void {
    this.#flush();
    this.#pieces.push(piece);
  }

  done(): readonly Dc09Piece[] {
    this.#flush();
    return this.#pieces;
  }

  #flush(): void {
    if (this.#garbage > 0) this.#pieces.push({ kind: 'garbage', count: this.#garbage });
    this.#garbage = 0;
  }
}
