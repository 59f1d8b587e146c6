/** How far a panel's clock may be ahead of ours and behind it before its messages are taken for old ones (DC-09 §5.5.1.10). */
export const AHEAD_MS = 20_000;
export const BEHIND_MS = 40_000;

/** Whether the time of a frame lies outside the window; a frame that tells none is not wrong. Both epoch milliseconds. */
export function isTimeWrong(at: number | undefined, nowMs: number): boolean {
  return at !== undefined && (at > nowMs + AHEAD_MS || at < nowMs - BEHIND_MS);
}
