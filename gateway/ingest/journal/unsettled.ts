/**
 * Which alarms Redis has not answered, and in which segment they lie. Older segments are scanned while new alarms already
 * arrive, so a settlement can come before the scan has met its alarm: until the scan is over such ids are remembered.
 */
export class Unsettled {
  readonly #openBySegment = new Map<number, Set<string>>();
  readonly #settledEarly = new Set<string>();
  #isScanning = true;

  add(seq: number, id: string): void {
    if (this.#settledEarly.has(id)) return;
    const open = this.#openBySegment.get(seq);
    if (open === undefined) this.#openBySegment.set(seq, new Set([id]));
    else open.add(id);
  }

  /** An id can lie in two segments: a batch whose file failed is written again into the next. */
  settle(id: string): void {
    if (this.#isScanning) this.#settledEarly.add(id);
    for (const [seq, open] of this.#openBySegment) {
      if (open.delete(id) && open.size === 0) this.#openBySegment.delete(seq);
    }
  }

  endScan(): void {
    this.#isScanning = false;
    this.#settledEarly.clear();
  }

  has(seq: number, id: string): boolean {
    return this.#openBySegment.get(seq)?.has(id) ?? false;
  }

  hasAny(seq: number): boolean {
    return this.#openBySegment.has(seq);
  }

  count(): number {
    let count = 0;
    for (const open of this.#openBySegment.values()) count += open.size;
    return count;
  }
}
