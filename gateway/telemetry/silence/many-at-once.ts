import type { SilenceLimits } from './silence-rules.ts';

/**
 * Keeps many silent devices from being many cases (design §4 Storms). Where more than `atOnce` fall silent in `windowMs`, who is
 * beyond waits, and they are told as one. Of those at most half of `atOnce` in `windowMs` have their own cases when the cause is
 * gone (half of them came back, or a few are left, and for `windowMs` no more fell silent or came back at once), else each after
 * `holdMs`. Who falls silent alone meanwhile has its own at once. Pure but for what it remembers.
 */
export class ManyAtOnce {
  readonly #limits: Pick<SilenceLimits, 'atOnce' | 'windowMs' | 'holdMs' | 'graceMs'>;
  /** Since when each is one of many. */
  readonly #waiting = new Map<string, number>();
  /** When somebody fell silent, came back out of many, and was let go of them, of late. */
  #freshMono: number[] = [];
  #returnedMono: number[] = [];
  #releasedMono: number[] = [];
  /** When many fell silent or came back at once, last. */
  #massMono = -Infinity;
  #peak = 0;
  #adoptedUntilMono = -Infinity;

  constructor(limits: Pick<SilenceLimits, 'atOnce' | 'windowMs' | 'holdMs' | 'graceMs'>) {
    this.#limits = limits;
  }

  /** An earlier process told of many: who is silent by now is one of them. */
  adopt(nowMono: number): void {
    this.#adoptedUntilMono = nowMono + this.#limits.graceMs + this.#limits.windowMs;
  }

  /** Of `subjects` those who are new, and those who wait, the longest unasked first. */
  split(subjects: readonly string[]): { readonly fresh: readonly string[]; readonly waiting: readonly string[] } {
    const due = new Set(subjects);
    return {
      fresh: subjects.filter((subject) => !this.#waiting.has(subject)),
      waiting: [...this.#waiting.keys()].filter((subject) => due.has(subject)),
    };
  }

  /** Who is told as one of many, the longest first; null where nobody is, and nobody is to be expected. */
  many(nowMono: number): readonly string[] | null {
    if (this.#waiting.size === 0 && nowMono >= this.#adoptedUntilMono) return null;
    const since = [...this.#waiting].toSorted(([a, aMono], [b, bMono]) => aMono - bMono || (a < b ? -1 : 1));
    return since.map(([subject]) => subject);
  }

  /** `asked` are silent for sure; `due` is everybody who may be. Answers whose cases begin. */
  decide(nowMono: number, asked: readonly string[], due: ReadonlySet<string>): readonly string[] {
    this.#forgetOld(nowMono);
    this.#dropReturned(nowMono, due);
    const isOver = this.#isOver(nowMono);
    const since = (subject: string): number => this.#waiting.get(subject) ?? 0;
    const raise = asked
      .toSorted((a, b) => since(a) - since(b))
      .filter((subject) => {
        const sinceMono = this.#waiting.get(subject);
        // Back to the end, where it stays: the longest unasked are asked first.
        this.#waiting.delete(subject);
        const begins = sinceMono === undefined ? this.#isAlone(nowMono) : this.#mayLeave(nowMono, sinceMono, isOver);
        if (!begins) this.#waiting.set(subject, sinceMono ?? nowMono);
        return begins;
      });
    this.#peak = this.#waiting.size === 0 ? 0 : Math.max(this.#peak, this.#waiting.size);
    return raise;
  }

  #isAlone(nowMono: number): boolean {
    this.#freshMono.push(nowMono);
    const isOneOfMany = this.#freshMono.length > this.#limits.atOnce || nowMono < this.#adoptedUntilMono;
    if (isOneOfMany) this.#massMono = nowMono;
    return !isOneOfMany;
  }

  #mayLeave(nowMono: number, sinceMono: number, isOver: boolean): boolean {
    const { atOnce, holdMs } = this.#limits;
    if (!isOver && nowMono - sinceMono < holdMs) return false;
    if (this.#releasedMono.length >= atOnce / 2) return false;
    this.#releasedMono.push(nowMono);
    return true;
  }

  #dropReturned(nowMono: number, due: ReadonlySet<string>): void {
    for (const subject of this.#waiting.keys()) {
      if (due.has(subject)) continue;
      this.#waiting.delete(subject);
      this.#returnedMono.push(nowMono);
    }
    // They still come back: who is left may be next.
    if (this.#returnedMono.length > this.#limits.atOnce && this.#returnedMono.at(-1) === nowMono)
      this.#massMono = nowMono;
  }

  #isOver(nowMono: number): boolean {
    const { atOnce, windowMs } = this.#limits;
    return this.#waiting.size <= Math.max(atOnce, this.#peak / 2) && nowMono - this.#massMono >= windowMs;
  }

  #forgetOld(nowMono: number): void {
    const isOfLate = (atMono: number): boolean => nowMono - atMono < this.#limits.windowMs;
    this.#freshMono = this.#freshMono.filter(isOfLate);
    this.#returnedMono = this.#returnedMono.filter(isOfLate);
    this.#releasedMono = this.#releasedMono.filter(isOfLate);
  }
}
