const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** All chosen. Twenty attempts take about a quarter of an hour. */
export const MAX_ATTEMPTS = 20;
export const MAX_HELD_MS = 30 * MINUTE;
export const STALE_AFTER_MS = 2 * MINUTE;
const FIRST_PAUSE_MS = SECOND;
const LONGEST_PAUSE_MS = MINUTE;
/** Those who failed together do not come back together. */
const SPREAD = 0.2;

export type AttemptQuestion = {
  /** Made before, by any gateway. */
  readonly attempts: number;
  /** How long this process has had it, by the monotonic clock: a wall clock that jumps gives nothing up. */
  readonly heldMs: number;
  /** By the wall clock. */
  readonly ageMs: number;
  readonly isResolved: boolean;
};

export type GiveUpCode = 'too-many-attempts' | 'too-old' | 'resolved';

export type AttemptPlan =
  | { readonly kind: 'send'; readonly attempt: number }
  | { readonly kind: 'give-up'; readonly code: GiveUpCode };

/**
 * Whether a notification is sent (again) now. Pure. Old alone is no reason to give up one that was never tried: whoever waits
 * for help does not care why nobody was told.
 */
export function planAttempt({ attempts, heldMs, ageMs, isResolved }: AttemptQuestion): AttemptPlan {
  if (isResolved && ageMs > STALE_AFTER_MS) return { kind: 'give-up', code: 'resolved' };
  if (attempts >= MAX_ATTEMPTS) return { kind: 'give-up', code: 'too-many-attempts' };
  if (attempts > 0 && heldMs > MAX_HELD_MS) return { kind: 'give-up', code: 'too-old' };
  return { kind: 'send', attempt: attempts + 1 };
}

/**
 * Milliseconds from a failed attempt to the next: doubling from one second to a minute, spread by up to a fifth, and no less
 * than the receiver asked for, as far as that is believed.
 */
export function calcPauseMs(id: string, attempts: number, retryAfterMs: number | null): number {
  const doubled = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(30, Math.max(0, attempts - 1)));
  const spread = doubled * (1 + SPREAD * (2 * calcFraction(`${id} ${attempts}`) - 1));
  return Math.round(Math.max(spread, Math.min(retryAfterMs ?? 0, LONGEST_PAUSE_MS)));
}

/** A number from 0 to 1 that a text always gives (FNV-1a). */
function calcFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return (hash >>> 0) / 0xffffffff;
}
