const EMPTY = Buffer.alloc(0);
const SMALLEST = 256;

/**
 * Collects bytes up to a known size. It grows by doubling with what is really here: neither does a declared length alone
 * take memory, nor do a thousand chunks of one byte cost a thousand objects.
 */
export class GrowingBuffer {
  #buffer: Buffer = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(chunk: Buffer, finalSize: number): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const size = Math.min(Math.max(needed, this.#buffer.length * 2, SMALLEST), Math.max(finalSize, needed));
      const grown = Buffer.allocUnsafe(size);
      this.#buffer.copy(grown, 0, 0, this.#length);
      this.#buffer = grown;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = needed;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** What was collected; the collector is empty again. */
  take(): Buffer {
    const bytes = this.bytes();
    this.#buffer = EMPTY;
    this.#length = 0;
    return bytes;
  }
}
