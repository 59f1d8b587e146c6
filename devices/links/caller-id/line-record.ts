/** Chosen: rings of a quarter of an hour. What comes after is like what came before. */
const MOST_BYTES = 4096;
const LINE_END = [0x0d, 0x0a];

/** The lines of one call as they came, bounded: what is kept of it as its frame. */
export class LineRecord {
  #bytes: number[] = [];

  /** `begins`: nobody called before this line. */
  add(line: Uint8Array, begins: boolean): void {
    if (begins) this.#bytes = [];
    if (this.#bytes.length + line.length + LINE_END.length <= MOST_BYTES) this.#bytes.push(...line, ...LINE_END);
  }

  /** A copy. */
  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
