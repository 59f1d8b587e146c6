import type { AlarmEvent, AlarmMessage, Caller, EventSource } from '../event.ts';
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
  readonly caller?: Caller;
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

/** Who sends under an account or a number. Of the register, or a name made for what it does not know. */
export type Sender = {
  readonly deviceId: string;
  readonly standing: Standing;
  /** Of the catalog; null for what is no device of the register. */
  readonly model: string | null;
  /** AES key of a receiver's account: 16, 24 or 32 bytes. */
  readonly key: Uint8Array | null;
};

/**
 * Whose account this is, from memory. `receiver` is the name of the link (`dc09`, or of the serial port): an account that was
 * registered for that receiver alone wins. An account that nobody registered is `<receiver>-<account>`, unregistered.
 */
export type AccountBook = { readonly accountOf: (receiver: string, account: string) => Sender };

/** Who calls or writes under a number, and whose number it is. */
export type NumberedSender = Sender & { readonly caller: Caller };

/** Whose number this is, from memory; `line` names the port. Null: it was withheld. Total: an unknown number is an answer. */
export type NumberBook = {
  readonly callerOf: (line: string, number: string | null) => NumberedSender;
};

/** One frame as it was on the wire, for whoever asks later what a device has said. Never awaited, never in front of an alarm. */
export type TracedFrame = {
  /** Name of the link: `mqtt`, `dc09`, or of the serial port. */
  readonly link: string;
  readonly peer: string;
  readonly direction: 'in' | 'out';
  /** Null where nobody could tell whose it was. */
  readonly deviceId: string | null;
  readonly raw: Uint8Array;
  /** What it decoded to, in a few words of ours: codes and types. */
  readonly meaning: string;
  /** It says only that its sender lives, or answers what does: of these most are left out, whatever words `meaning` has. */
  readonly isSignOfLife: boolean;
  /** Set where the frame became alarms. */
  readonly eventIds?: readonly string[];
};
export type FrameTrace = { readonly frame: (frame: TracedFrame) => void };

/** What a receiver counts, for whoever watches it; all of it only grows. `acked` only where it acknowledges. */
export type ReceiverCounts = {
  readonly frames: number;
  readonly unreadable: number;
  readonly acked?: number;
  /** Alarms that nothing kept. */
  readonly notDurable: number;
};

/** Does work that may wait, soon and in its order, but so that nothing urgent stands behind it. */
export type Later = (work: () => void) => void;

/** Epoch milliseconds; may jump. */
export type WallClock = { readonly nowMs: () => number };

/** … and milliseconds that never go back. */
export type LinkClock = WallClock & { readonly monoMs: () => number };
