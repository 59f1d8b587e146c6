/** A row of `observations` (design §5): a reading with whose it is and when. Times are epoch milliseconds. */
export type Observation = {
  readonly deviceId: string;
  /** Who wore the device at `ts`; null where nobody or more than one person is bound to it. */
  readonly residentId: string | null;
  /** When it was measured; the time of receipt where the device's clock cannot be believed. */
  readonly ts: number;
  readonly metric: string;
  /** Finite, in the metric's unit. */
  readonly value: number;
  /** Bits of READING_FLAGS (devices/reading.ts); 0 may be scored. */
  readonly flags: number;
  readonly receivedAt: number;
};
