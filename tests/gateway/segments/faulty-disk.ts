/** The test's end of `disk.fixture.ts`. */
export class FaultyDisk {
  readonly #control = new SharedArrayBuffer(12);
  readonly #cells = new Int32Array(this.#control);

  /** For JournalOptions.disk. */
  asOption(): { module: URL; options: unknown } {
    const module = new URL('./disk.fixture.ts', import.meta.url);
    return { module, options: { control: this.#control } };
  }

  set(mode: 'ok' | 'fail' | 'hang' | 'die'): void {
    Atomics.store(this.#cells, 0, { ok: 0, fail: 1, hang: 2, die: 3 }[mode]);
    Atomics.notify(this.#cells, 0);
  }

  fsyncsBegun(): number {
    return Atomics.load(this.#cells, 1);
  }

  fsyncsReturned(): number {
    return Atomics.load(this.#cells, 2);
  }
}
