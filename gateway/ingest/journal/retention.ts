/** A segment that is no longer written to. */
export type SealedSegment = {
  readonly seq: number;
  /** Monotonic time of its sealing in this run; null when an earlier run left it. */
  readonly sealedAtMs: number | null;
  /** Age at the start of this run by its file time, never negative; 0 for one sealed in this run. */
  readonly ageAtStartMs: number;
};

export type RetentionRule = {
  readonly retentionMs: number;
  /** How long this run must have lasted before the file times of earlier ones are believed: the clock may still be set. */
  readonly graceMs: number;
};

/**
 * Which segments may go: older than the retention and without an alarm that Redis has not answered. Ages of this run are
 * monotonic, so a jump of the wall clock removes nothing.
 */
export function planRemoval(
  sealed: readonly SealedSegment[],
  hasUnsettled: (seq: number) => boolean,
  now: { readonly monoMs: number; readonly startedMonoMs: number },
  rule: RetentionRule,
): number[] {
  const upMs = now.monoMs - now.startedMonoMs;
  const removable: number[] = [];
  let ageMs = Infinity;
  for (const segment of sealed.toSorted((a, b) => a.seq - b.seq)) {
    const isOwn = segment.sealedAtMs !== null;
    // A later segment is no older than the one before it, whatever the clock said: it may hold that one's settlements.
    ageMs = Math.min(ageMs, isOwn ? now.monoMs - segment.sealedAtMs : segment.ageAtStartMs + upMs);
    const isBelieved = isOwn || upMs >= rule.graceMs;
    if (isBelieved && ageMs > rule.retentionMs && !hasUnsettled(segment.seq)) removable.push(segment.seq);
  }
  return removable;
}
