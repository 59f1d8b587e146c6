/** Something that gets bytes from outside and must bear all of them. */
export type Target = {
  /** Protocol, then what of it: `--only` takes the whole or a beginning. */
  readonly name: string;
  /** Golden frames: what is mutated and spliced. */
  readonly seeds: readonly Uint8Array[];
  /**
   * Called once a run; what it gives is called with every input, in order, so a framer lives as long as a connection. It throws where the input does,
   * or where a bound is broken.
   */
  readonly open: () => (input: Uint8Array) => void;
};

/** Bytes of text, one byte a character up to U+00FF, others as UTF-8. */
export function seedsOf(...texts: readonly string[]): readonly Uint8Array[] {
  return texts.map((text) =>
    /^[\0-\u{FF}]*$/u.test(text) ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : new TextEncoder().encode(text),
  );
}

/** One character a byte: what a decoder of text gets from a line. */
export function textOf(input: Uint8Array): string {
  return Buffer.from(input.buffer, input.byteOffset, input.length).toString('latin1');
}

/** What a framer holds may not pass its bound. */
export function checkBound(held: number, bound: number): void {
  if (held > bound) throw new RangeError(`holds ${held} bytes, its bound is ${bound}`);
}
