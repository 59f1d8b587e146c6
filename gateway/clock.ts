/** Time as a parameter: wall clock for what people read, monotonic for what must not jump. */
export type Clock = {
  /** Epoch milliseconds; may jump. */
  readonly nowMs: () => number;
  /** Milliseconds since an arbitrary start; never goes back. */
  readonly monoMs: () => number;
};

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monoMs: () => performance.now(),
};

/** ISO 8601 UTC with milliseconds, the one form of time in the API. */
export function formatIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
