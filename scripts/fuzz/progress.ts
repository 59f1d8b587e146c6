import { MAX_INPUT_BYTES } from './inputs.ts';

/** Shared by the thread that runs a target and the one that watches it: how many inputs have begun, and the one that is being taken. */
export class Progress {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(8 + MAX_INPUT_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, 2);
    this.#bytes = new Uint8Array(buffer, 8);
  }

  begin(input: Uint8Array): void {
    this.#bytes.set(input);
    Atomics.store(this.#words, 1, input.length);
    Atomics.add(this.#words, 0, 1);
  }

  get begun(): number {
    return Atomics.load(this.#words, 0);
  }

  get input(): Uint8Array {
    return this.#bytes.slice(0, Atomics.load(this.#words, 1));
  }
}
