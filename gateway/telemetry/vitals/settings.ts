import { KEPT } from '../observations/retention.ts';

/** Sizes and spans of the vitals lane; all chosen. */
export type VitalsSettings = {
  /** What may wait on disk for the database. */
  readonly spoolBytes: number;
  /** What may wait in memory for the disk. */
  readonly queuedBytes: number;
  /** A message that is not on disk after so long is given up and acknowledged, so that its device goes on to what is next. */
  readonly waitMs: number;
  /** How long the table keeps readings; what comes out of the spool later is counted and let go. */
  readonly readingsDays: number;
};

export const VITALS_DEFAULTS: VitalsSettings = {
  spoolBytes: 1024 * 1024 * 1024,
  queuedBytes: 16 * 1024 * 1024,
  waitMs: 5000,
  readingsDays: KEPT.readingsDays,
};

const MOST_SEGMENT_BYTES = 2 * 1024 * 1024;
const LEAST_SEGMENT_BYTES = 128 * 1024;

/** Small beside the bound, since whole files are thinned and go; small enough to be thinned within a tenth of a second. */
export function calcSegmentBytes(spoolBytes: number): number {
  return Math.min(MOST_SEGMENT_BYTES, Math.max(LEAST_SEGMENT_BYTES, Math.floor(spoolBytes / 64)));
}
