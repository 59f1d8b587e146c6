const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
/**
 * With less free than both of these the spool hardly grows: the journal, which keeps alarms, needs the room. The journal gives
 * up its reserve at 2 %; of a large disk a small share is room enough. Chosen.
 */
const TIGHT = { pct: 5, bytes: 10 * GIB };
const ROOMY = { pct: 8, bytes: 15 * GIB };
/** What the spool may hold on a tight disk all the same, for a restart of the database; of what is free a quarter at most. Chosen. */
const FLOOR_BYTES = 64 * MIB;
const FLOOR_SHARE = 1 / 4;

/** How much may wait in the spool, bytes; less than the setting while the disk is tight. */
export type Bound = { readonly bytes: number; readonly isTight: boolean };

/** Set when the disk becomes tight, and not again while it is: it is emptied by the database, and must not shrink with that. */
export function planBound(
  bound: Bound,
  now: {
    readonly spoolBytes: number;
    readonly heldBytes: number;
    readonly freeBytes: number;
    readonly totalBytes: number;
  },
): Bound {
  const { spoolBytes, heldBytes, freeBytes, totalBytes } = now;
  const freePct = (100 * freeBytes) / totalBytes;
  const limit = bound.isTight ? ROOMY : TIGHT;
  if (freePct >= limit.pct || freeBytes >= limit.bytes) return { bytes: spoolBytes, isTight: false };
  if (bound.isTight) return bound;
  const floorBytes = Math.min(FLOOR_BYTES, FLOOR_SHARE * freeBytes);
  return { bytes: Math.min(spoolBytes, Math.max(floorBytes, heldBytes)), isTight: true };
}
