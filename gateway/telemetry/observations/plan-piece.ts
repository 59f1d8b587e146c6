import type { Part } from './days.ts';

/** Hours of one transaction while there is much to close; chosen, so that late rows do not wait long for theirs. */
const MOST_MS = 6 * 60 * 60 * 1000;

/**
 * What to close next, from `doneMs` on and before `closingMs`; days without a part hold nothing and are passed over. Null when
 * all is closed.
 */
export function planPiece(
  doneMs: number,
  closingMs: number,
  days: readonly Part[],
): { readonly fromMs: number; readonly untilMs: number } | null {
  if (doneMs >= closingMs) return null;
  const day = days.find(({ untilMs }) => untilMs > doneMs);
  if (day === undefined || day.fromMs >= closingMs) return { fromMs: closingMs, untilMs: closingMs };
  const fromMs = Math.max(doneMs, day.fromMs);
  return { fromMs, untilMs: Math.min(fromMs + MOST_MS, day.untilMs, closingMs) };
}
