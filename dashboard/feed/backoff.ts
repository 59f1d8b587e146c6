const FIRST_MS = 500;
/** Somebody may be pressing a key meanwhile: never wait long (chosen). */
const LONGEST_MS = 4000;

/** Milliseconds before the n-th attempt in a row, n from 0; `random` in 0…1 spreads consoles that lost the same gateway. */
export function calcRetryMs(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** attempt);
  return Math.round(longest * (0.5 + random / 2));
}
