import type { SilenceLimits } from './silence-rules.ts';

type Storm = { readonly beganMono: number; readonly keptUntilMono: number; quietSinceMono: number; peak: number };

/**
 * Keeps many silent devices from being many cases (design §4 Storms): never more than `atOnce` begin in `windowMs`. Who is beyond
 * waits, and the many are told as one. Those who wait have their own cases when the cause is gone (half of them came back, or a
 * few are left, and it was quiet for `windowMs`), or after `holdMs`; at the same pace. Pure but for what it remembers.
 */
export class ManyAtOnce {
  readonly #limits: Pick<SilenceLimits, 'atOnce' | 'windowMs' | 'holdMs' | 'graceMs'>;
  #raisedMono: number[] = [];
  #waiting = new Set<string>();
  #storm: Storm | null = null;

  constructor(limits: Pick<SilenceLimits, 'atOnce' | 'windowMs' | 'holdMs' | 'graceMs'>) {
    this.#limits = limits;
  }

  adopt(nowMono: number): void {
    const keptUntilMono = nowMono + this.#limits.graceMs + this.#limits.windowMs;
    this.#storm ??= { beganMono: nowMono, keptUntilMono, quietSinceMono: keptUntilMono, peak: 0 };
  }

  /** Those who are new first, then those who wait, the longest unasked first. */
  order(subjects: readonly string[]): readonly string[] {
    const due = new Set(subjects);
    const fresh = subjects.filter((subject) => !this.#waiting.has(subject));
    return [...fresh, ...[...this.#waiting].filter((subject) => due.has(subject))];
  }

  count(): number | null {
    return this.#storm === null ? null : this.#waiting.size;
  }

  /** `asked` are silent for sure; `due` is everybody who may be. Answers whose cases begin. */
  decide(nowMono: number, asked: readonly string[], due: ReadonlySet<string>): readonly string[] {
    const { windowMs } = this.#limits;
    this.#raisedMono = this.#raisedMono.filter((atMono) => nowMono - atMono < windowMs);
    this.#dropReturned(nowMono, due);
    const raise: string[] = [];
    const isBeginning = this.#storm !== null && nowMono - this.#storm.quietSinceMono <= windowMs;
    const release = this.#isReleasing(nowMono);
    for (const subject of asked) {
      const isWaiting = this.#waiting.delete(subject);
      if (isWaiting ? release && this.#take(nowMono) : !isBeginning && this.#take(nowMono)) raise.push(subject);
      else this.#wait(nowMono, subject, !isWaiting);
    }
    if (this.#waiting.size === 0 && nowMono >= (this.#storm?.keptUntilMono ?? 0)) this.#storm = null;
    return raise;
  }

  #take(nowMono: number): boolean {
    if (this.#raisedMono.length >= this.#limits.atOnce) return false;
    this.#raisedMono.push(nowMono);
    return true;
  }

  #wait(nowMono: number, subject: string, isFresh: boolean): void {
    this.#waiting.add(subject);
    this.#storm ??= { beganMono: nowMono, keptUntilMono: nowMono, quietSinceMono: nowMono, peak: 0 };
    this.#storm.peak = Math.max(this.#storm.peak, this.#waiting.size);
    if (isFresh) this.#storm.quietSinceMono = Math.max(this.#storm.quietSinceMono, nowMono);
  }

  #dropReturned(nowMono: number, due: ReadonlySet<string>): void {
    const before = this.#waiting.size;
    for (const subject of this.#waiting) if (!due.has(subject)) this.#waiting.delete(subject);
    if (this.#storm !== null && this.#waiting.size < before)
      this.#storm.quietSinceMono = Math.max(this.#storm.quietSinceMono, nowMono);
  }

  #isReleasing(nowMono: number): boolean {
    if (this.#storm === null) return false;
    const { atOnce, windowMs, holdMs } = this.#limits;
    const { beganMono, quietSinceMono, peak } = this.#storm;
    if (nowMono - beganMono >= holdMs) return true;
    return this.#waiting.size <= Math.max(atOnce, peak / 2) && nowMono - quietSinceMono >= windowMs;
  }
}
