/** Sizes and spans of the journal; all chosen. */
export type JournalSettings = {
  /** Size of a preallocated segment. At ~700 bytes an alarm, 4 MiB hold about 6,000. */
  readonly segmentBytes: number;
  /** How much is zeroed between two looks for waiting alarms. */
  readonly sliceBytes: number;
  /** Given up when the disk is full. */
  readonly reserveBytes: number;
  /** How long an alarm that Redis has is kept all the same, for a Redis that comes back empty. */
  readonly retentionMs: number;
  /** See RetentionRule. */
  readonly graceMs: number;
  /** Bytes that may wait for the disk; beyond them an append is refused at once. */
  readonly maxQueuedBytes: number;
};

export const JOURNAL_DEFAULTS: JournalSettings = {
  segmentBytes: 4 * 1024 * 1024,
  sliceBytes: 256 * 1024,
  reserveBytes: 8 * 1024 * 1024,
  retentionMs: 7 * 24 * 60 * 60 * 1000,
  graceMs: 60 * 60 * 1000,
  maxQueuedBytes: 32 * 1024 * 1024,
};
