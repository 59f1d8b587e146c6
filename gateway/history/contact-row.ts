/**
 * One row of what is known of a device's presence:
 * - `connected`, `disconnected`; `refused`: a connection without standing, in quarantine
 * - `dropped`: messages that were not taken, with the reason and how many
 * - `heard`: at most one an hour, with how often; `missed-heartbeat`: silent for longer than its model may be;
 *   `heard-again` after that
 * - `shed`: so many rows were not kept, because the database was away for too long
 */
export type ContactKind =
  | 'connected'
  | 'disconnected'
  | 'refused'
  | 'dropped'
  | 'heard'
  | 'missed-heartbeat'
  | 'heard-again'
  | 'shed';

export type ContactRow = {
  readonly deviceId: string | null;
  readonly kind: ContactKind;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Codes, numbers and times alone. */
  readonly data: Readonly<Record<string, unknown>>;
};
