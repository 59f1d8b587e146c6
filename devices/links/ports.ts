import type { AlarmEvent, AlarmMessage, EventSource } from '../event.ts';
import type { Reading } from '../reading.ts';
import type { Standing } from '../standing.ts';

/** What a link needs of the rest of the gateway, in its own words. All of it is synchronous but the door. */

/** What a link hands to the door: a decoded alarm and where it came from. */
export type Arrival = {
  readonly deviceId: string;
  readonly standing: Standing;
  readonly source: EventSource;
  readonly message: AlarmMessage;
  readonly raw: Uint8Array;
};

/** Settles when the alarm is durable (promise P1); a rejection means that nothing kept it and nothing may acknowledge it. */
export type AlarmDoor = { readonly accept: (arrival: Arrival) => Promise<AlarmEvent> };

/**
 * Vital signs go another way than alarms and never before them. `whenDone` is called once, when they may be acknowledged: mostly
 * after an fsync, sometimes at once. `receivedAt` is epoch milliseconds.
 */
export type VitalsDoor = {
  readonly accept: (deviceId: string, readings: readonly Reading[], receivedAt: number, whenDone: () => void) => void;
  /** A message for which the link had no room was acknowledged and dropped unread. */
  readonly refuse: () => void;
};

/** Signs of life and counters; never awaited, never in front of an alarm. */
export type ContactSink = {
  readonly heard: (deviceId: string, standing: Standing) => void;
  readonly connected: (deviceId: string, standing: Standing) => void;
  readonly disconnected: (deviceId: string, standing: Standing) => void;
  readonly dropped: (deviceId: string, reason: string) => void;
};

/** The register's answer to a name and a secret, from memory. */
export type StandingSource = {
  readonly standingOf: (deviceId: string, secret: Uint8Array | undefined) => Standing;
};

/** Does work that may wait, soon and in its order, but so that nothing urgent stands behind it. */
export type Later = (work: () => void) => void;

/** Epoch milliseconds; may jump. */
export type WallClock = { readonly nowMs: () => number };
