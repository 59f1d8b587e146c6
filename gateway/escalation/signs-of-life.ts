/** Times of grace that hang on the lease, milliseconds. */
type Spans = {
  readonly leaseMs: number;
  /** Without having seen Redis for so long, what came to other gateways was not heard. */
  readonly deafMs: number;
  /** Without a pulse for so long, this process stood still and could not hear anybody. */
  readonly frozenMs: number;
};

/** Two missed heartbeats of a lease of 30 s may be lost; below these bounds a slow moment would count. Chosen. */
export function calcSpans(leaseMs: number): Spans {
  return { leaseMs, deafMs: Math.max(leaseMs / 3, 2000), frozenMs: Math.max(leaseMs / 6, 2000) };
}

type Sign = {
  /** Changes with every sign of life; null where this gateway itself took the last one. */
  readonly beat: string | null;
  readonly monoMs: number;
  /** They logged off, or have not been heard of since long before this gateway started. */
  readonly hasLeft: boolean;
};

/**
 * When each person was last heard of, on the monotonic clock of this gateway: what counts is when *it* noticed a sign of
 * life, not what any wall clock says. Nobody is judged gone before the consoles had a whole lease to come back, counted from
 * the moment since which this gateway could have heard them: its start, the end of a freeze, and for those whose consoles
 * are at other gateways the loss and the return of Redis. Pure bookkeeping; `../api/presence.ts` feeds it.
 */
export class SignsOfLife {
  readonly #spans: Spans;
  readonly #signs = new Map<string, Sign>();
  /** Since when this process hears its own consoles without a break; null before it listens. */
  #hearsSinceMonoMs = Number.NEGATIVE_INFINITY;
  /** Since when Redis has been read without a break. */
  #sharesSinceMonoMs = Number.NEGATIVE_INFINITY;
  #pulseMonoMs: number | null = null;
  #sharedMonoMs: number | null = null;

  constructor(leaseMs: number) {
    this.#spans = calcSpans(leaseMs);
  }

  /** A person spoke to this gateway. */
  take(userId: string, monoMs: number, hasLeft = false): void {
    this.#signs.set(userId, { beat: null, monoMs, hasLeft });
  }

  /** What another gateway wrote of a person, or this one before its start. The same beat once more is no sign. */
  takeShared(userId: string, beat: string, monoMs: number, hasLeft = false): void {
    if (this.#signs.get(userId)?.beat === beat) return;
    this.#signs.set(userId, { beat, monoMs, hasLeft });
  }

  /** Called often; a long gap means that the process stood still. */
  pulse(monoMs: number): void {
    if (this.#isFrozen(monoMs)) this.#hearsSinceMonoMs = monoMs;
    this.#pulseMonoMs = monoMs;
  }

  /** From now on consoles can reach this gateway. */
  listens(monoMs: number): void {
    this.#hearsSinceMonoMs = monoMs;
  }

  /** Redis was read whole. */
  shared(monoMs: number): void {
    if (this.#sharedMonoMs !== null && this.#isDeaf(monoMs)) this.#sharesSinceMonoMs = monoMs;
    this.#sharedMonoMs = monoMs;
  }

  /** Never heard of, and nothing to be judged by yet: false. */
  hasLapsed(userId: string, monoMs: number): boolean {
    if (this.#pulseMonoMs === null || this.#isFrozen(monoMs)) return false;
    return monoMs >= this.endsAt(userId, monoMs);
  }

  /** When the lease of a person ends, on the monotonic clock; in the past once it has. */
  endsAt(userId: string, monoMs: number): number {
    const sign = this.#signs.get(userId);
    const heardMonoMs = Math.max(sign?.monoMs ?? Number.NEGATIVE_INFINITY, this.#hearsSinceMonoMs);
    const isHere = sign !== undefined && sign.beat === null;
    return (isHere ? heardMonoMs : Math.max(heardMonoMs, this.#sharedSince(monoMs))) + this.#spans.leaseMs;
  }

  /** Heard of within the lease, and not logged off since. */
  isPresent(userId: string, monoMs: number): boolean {
    const sign = this.#signs.get(userId);
    return sign !== undefined && !sign.hasLeft && !this.hasLapsed(userId, monoMs);
  }

  isKnown(userId: string): boolean {
    return this.#signs.has(userId);
  }

  #sharedSince(monoMs: number): number {
    return this.#isDeaf(monoMs) ? (this.#sharedMonoMs ?? Number.NEGATIVE_INFINITY) : this.#sharesSinceMonoMs;
  }

  #isDeaf(monoMs: number): boolean {
    return this.#sharedMonoMs === null || monoMs - this.#sharedMonoMs > this.#spans.deafMs;
  }

  #isFrozen(monoMs: number): boolean {
    return this.#pulseMonoMs === null || monoMs - this.#pulseMonoMs > this.#spans.frozenMs;
  }
}
