import type { ObservationPoint } from '../../../gateway/api/contract/observations.ts';

/** Sums of the same numbers in another order differ in their last digits. */
const NEARLY = 1e-9;

/** Whether two ways to compute a chart agree: every bucket, its least, greatest and count, and its average but for rounding. */
export function areSamePoints(a: readonly ObservationPoint[], b: readonly ObservationPoint[]): boolean {
  return a.length === b.length && a.every((point, n) => isSame(point, b[n]));
}

function isSame(a: ObservationPoint, b: ObservationPoint | undefined): boolean {
  if (b === undefined || a.t !== b.t || a.min !== b.min || a.max !== b.max || a.count !== b.count) return false;
  return Math.abs(a.avg - b.avg) <= NEARLY * Math.max(1, Math.abs(a.avg));
}
