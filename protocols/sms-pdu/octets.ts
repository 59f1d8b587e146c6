/** Reads octets one after another; past the end there is nothing, and `isCut` says so. */
export class Octets {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #isCut = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  /** 0 past the end. */
  one(): number {
    return this.take(1)[0] ?? 0;
  }

  /** As many of them as there are. */
  take(count: number): Uint8Array {
    if (count > this.left) this.#isCut = true;
    const taken = this.#bytes.subarray(this.#offset, this.#offset + count);
    this.#offset += taken.length;
    return taken;
  }
}

/** Null where it is no hex. Both cases are read. */
export function octetsOfHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}

/** In capitals, as modems write it (3GPP TS 27.005 §3.1). */
export function hexOf(octets: Iterable<number>): string {
  let hex = '';
  for (const octet of octets) hex += octet.toString(16).toUpperCase().padStart(2, '0');
  return hex;
}
