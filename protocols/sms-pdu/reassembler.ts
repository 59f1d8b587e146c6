import { MAX_WAITING_MESSAGES, PART_WAITS_MS } from './limits.ts';
import type { Address, Part } from './message.ts';

/** A part as it came, with whatever its owner needs to know of it (where it is stored, its text). */
export type HeldPart<T> = { readonly number: number; readonly item: T };

/** A message whose parts are together, or that waits no longer. */
export type Assembled<T> = {
  /** By their numbers; a part that came twice stands twice. */
  readonly parts: readonly HeldPart<T>[];
  readonly total: number;
  /** Numbers that never came. */
  readonly missing: readonly number[];
};

type Waiting<T> = { readonly parts: HeldPart<T>[]; readonly total: number; readonly sinceMs: number };

/**
 * Puts the parts of long messages together (3GPP TS 23.040 §9.2.3.24.1). Nothing that is put in is ever lost in it: parts that
 * stay alone come out after a minute, the oldest when there are too many. Times are milliseconds of one clock, whichever.
 */
export class Reassembler<T> {
  readonly #waiting = new Map<string, Waiting<T>>();
  readonly #isSame: (a: T, b: T) => boolean;

  /** `isSame`: two that claim to be the same part are; else the reference was used again for another message. */
  constructor(isSame: (a: T, b: T) => boolean) {
    this.#isSame = isSame;
  }

  /** What is whole by it, and what had to make room for it. */
  add(from: Address | null, part: Part, item: T, nowMs: number): Assembled<T>[] {
    const key = `${from?.kind} ${from?.value} ${part.bits} ${part.reference} ${part.total}`;
    const out: Assembled<T>[] = [];
    const known = this.#waiting.get(key);
    const twin = known?.parts.find(({ number }) => number === part.number);
    if (twin !== undefined && !this.#isSame(twin.item, item)) out.push(...this.#release(key));
    const waiting = this.#waiting.get(key) ?? { parts: [], total: part.total, sinceMs: nowMs };
    waiting.parts.push({ number: part.number, item });
    this.#waiting.set(key, waiting);
    if (missingOf(waiting).length === 0) out.push(...this.#release(key));
    const [oldest] = this.#waiting.size > MAX_WAITING_MESSAGES ? this.#waiting.keys() : [];
    if (oldest !== undefined) out.push(...this.#release(oldest));
    return out;
  }

  /** What has waited long enough. */
  due(nowMs: number): Assembled<T>[] {
    const late = [...this.#waiting].filter(([, { sinceMs }]) => nowMs - sinceMs >= PART_WAITS_MS);
    return late.flatMap(([key]) => this.#release(key));
  }

  /** All of it, for instance because the modem is read anew. */
  clear(): void {
    this.#waiting.clear();
  }

  get size(): number {
    return this.#waiting.size;
  }

  #release(key: string): Assembled<T>[] {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return [];
    this.#waiting.delete(key);
    const parts = waiting.parts.toSorted((a, b) => a.number - b.number);
    return [{ parts, total: waiting.total, missing: missingOf(waiting) }];
  }
}

function missingOf({ parts, total }: Pick<Waiting<unknown>, 'parts' | 'total'>): number[] {
  const here = new Set(parts.map(({ number }) => number));
  return Array.from({ length: total }, (_, i) => i + 1).filter((number) => !here.has(number));
}
