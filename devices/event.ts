import type { AlarmType } from './alarm-types.ts';
import type { Standing } from './standing.ts';

/** 26 characters of Crockford base 32 (ULID specification 2019), made once at the door and kept on every path. */
export type EventId = string & { readonly __brand: 'EventId' };

export function asEventId(value: string): EventId {
  return value as EventId;
}

/**
 * What a message on the alarm path asks for: `cancel` and `restored` never close anything (design §4 Merging); `call` tells
 * how a call went on that was an alarm when it began to ring; `answer` is what somebody wrote back who was told of an open case:
 * a note to it, and an alarm where there is none.
 */
export type AlarmKind = 'alarm' | 'cancel' | 'restored' | 'call' | 'answer';

/** A position as the device told it; metres; `datum` because the Chinese datums differ by about 500 m. */
export type Position = {
  readonly lat: number;
  readonly lon: number;
  readonly accuracyM?: number;
  readonly at?: number;
  readonly source?: 'gnss' | 'wifi' | 'cell';
  readonly datum?: 'wgs84' | 'gcj02' | 'bd09';
};

/** A coded fault found while decoding; the alarm stands all the same. `path` is a JSON pointer into the payload. */
export type Fault = {
  readonly code:
    | 'empty'
    | 'oversized'
    | 'not-utf8'
    | 'not-json'
    | 'too-deep'
    | 'not-object'
    | 'unknown-type'
    | 'bad-field'
    | 'too-long'
    | 'unknown-code'
    | 'wrong-length'
    | 'no-time'
    | 'wrong-time'
    | 'not-decrypted';
  readonly path: string;
};

/** Why a gateway raised `vitals`, or what it was when it was back within limits. */
export type Measure = {
  readonly metric: string;
  /** The last reading, in `unit` (`vital-metrics.ts`). */
  readonly value: number;
  readonly unit: string;
  /** The end of what is well for this person, which the value is beyond, or was. */
  readonly limit: number;
  readonly side: 'low' | 'high';
  /** From the first reading in a row to the last, milliseconds, by the device's clock. */
  readonly forMs: number;
};

/** How a call on a telephone line stands. `ended`: nobody can tell from the line whether it was answered. */
export type CallState = 'ringing' | 'answered' | 'missed' | 'ended';

/**
 * Whose number called, as the register had it then; a number is a hint and no proof. The residents may be several (a home, a
 * contact of two people) or none.
 */
export type Caller = {
  /** As the line told it, digits with a leading + where it is complete; null where it was withheld. Personal. */
  readonly number: string | null;
  readonly whose: 'device' | 'resident' | 'contact' | 'unknown' | 'withheld';
  readonly residentIds: readonly string[];
  readonly homeId: string | null;
};

/**
 * What a frame on an alarm path means, whatever the protocol. Every field but `kind`, `type` and `faults` may be missing:
 * a message without them is still an alarm (promise P2).
 */
export type AlarmMessage = {
  readonly kind: AlarmKind;
  /** What the alarm is; for `cancel` and `restored` the type they speak of (`of`), `unknown` when they name none. */
  readonly type: AlarmType;
  /** The device's own message id or counter, as text. */
  readonly id?: string;
  /** The device's clock, epoch milliseconds; unproven. */
  readonly at?: number;
  readonly zone?: string;
  readonly text?: string;
  readonly batteryPct?: number;
  readonly location?: Position;
  /** Only for `vitals`: what was measured. Health, so it lies where it can be erased. */
  readonly measure?: Measure;
  /**
   * The sender's own number of the frame, with everything that stays the same when it is sent again (DC-09: R, L, SEQ and what
   * it says). Such a frame again within two minutes is a repeat.
   */
  readonly sequence?: string;
  /** Only of calls. */
  readonly call?: CallState;
  readonly faults: readonly Fault[];
};

/** Where the frame came in. `publisher` is set when somebody else than the named device sent it. */
export type EventSource = {
  readonly protocol: 'mqtt-json' | 'by-hand' | 'gateway' | 'sia-dc09' | 'sur-gard' | 'caller-id' | 'sms';
  /** `address:port` of the peer, or the console; for the trace, and to fold a flood of names that nobody registered. */
  readonly peer: string;
  readonly publisher?: string;
};

/** An alarm at the door: what is journalled, streamed and dispatched. Immutable from here on. */
export type AlarmEvent = {
  readonly id: EventId;
  /** The device the frame names (MQTT: the topic's), whether the registry knows it or not; null for a case by hand. */
  readonly deviceId: string | null;
  /** Gateway clock, epoch milliseconds. */
  readonly receivedAt: number;
  readonly gatewayId: string;
  readonly standing: Standing;
  readonly source: EventSource;
  readonly message: AlarmMessage;
  /** The frame as received, base64, cut at 64 KiB. */
  readonly raw: string;
  /** Only of what came over a telephone line or as an SMS. */
  readonly caller?: Caller;
  /** Only for a case opened by hand: what the operator said. */
  readonly byHand?: {
    readonly actor: string;
    readonly source: 'phone' | 'visit' | 'helper' | 'authority' | 'other';
    readonly residentId?: string;
    readonly homeId?: string;
    readonly text?: string;
    readonly callerNumber?: string;
  };
};
