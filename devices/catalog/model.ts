import type { AlarmType, DeviceAlarmType } from '../alarm-types.ts';
import type { AlarmKind } from '../event.ts';

/** What a person reads, in the two languages of the console. */
export type Words = { readonly zh: string; readonly en: string };

/** How it speaks to us; `caller-id`: it dials, and its number is all that the line tells. */
export type ModelProtocol = 'mqtt-json' | 'sia-dc09' | 'sur-gard' | 'caller-id' | 'sms';

/** How an installer, or who reads a trace, knows it among others. */
export type Fingerprint = {
  /** What it is like, and what it does when its key is pressed. */
  readonly looks: Words;
  /** What the text of its frames matches; null where the line tells a number and nothing else. */
  readonly frame: RegExp | null;
  /** Codes of Contact ID (three digits) or SIA (two letters) that it sends; empty for a protocol that has none. */
  readonly codes: readonly string[];
};

/** How somebody comes to know that its battery ends. Null in a model: it has none, or the line feeds it. */
export type BatteryRule = {
  /**
   * - `alarm`: it raises `low-battery` by itself
   * - `percent`: it tells a level; low at and below `lowPct`
   * - `nothing`: nobody can know from afar; it is looked after by hand
   */
  readonly tells: 'alarm' | 'percent' | 'nothing';
  /** Of a full charge; null where the maker decides what low is. */
  readonly lowPct: number | null;
};

/**
 * A line of what a model says as SMS. The first that matches decides; what none matches is an alarm of type `unknown`. The flags are
 * `iu`; a pattern takes time in proportion to the text (`sms-words.ts`) and is tried on at most 1000 characters of it.
 */
export type SmsPattern = {
  /** Named groups fill the alarm's fields: `zone`, `battery` (percent), `lat` and `lon` (degrees, of no known datum). */
  readonly pattern: RegExp;
  /** Null: only a sign of life. */
  readonly raises: DeviceAlarmType | null;
  /** Absent: `alarm`. */
  readonly kind?: 'cancel' | 'restored';
};

/** A frame as it is on the wire and what it must become; a test sends each through codec and meaning. */
export type Golden = {
  /** `text` is sent as UTF-8. For `sms` the text of the message, for `caller-id` what the modem says. */
  readonly frame: { readonly text: string } | { readonly hex: string };
  /** Where it is not the model's own: what has a SIM calls and sends SMS. */
  readonly protocol?: ModelProtocol;
  /** Only of `mqtt-json`; absent: `alarm`. */
  readonly topic?: 'alarm' | 'status';
  /** Only of a receiver's account with a key; upper-case hex. */
  readonly keyHex?: string;
  readonly means:
    | 'heartbeat'
    | {
        readonly kind: AlarmKind;
        readonly type: AlarmType;
        readonly zone?: string;
        readonly batteryPct?: number;
        /** Degrees. */
        readonly location?: { readonly lat: number; readonly lon: number };
      };
};

/** One kind of device, as data (design §3: to add a model is to add one of these and its line in `models.ts`). */
export type DeviceModel = {
  /** As `device add --model` takes it; same pattern as ids. */
  readonly id: string;
  readonly name: Words;
  /** A carried device is never assumed to be at home. */
  readonly mobility: 'fixed' | 'carried';
  readonly protocol: ModelProtocol;
  /** Seconds between two signs of life of a healthy device; null where it gives none: only a test press tells that it works. */
  readonly heartbeatS: number | null;
  readonly keys: readonly { readonly colour: 'red' | 'green'; readonly raises: DeviceAlarmType }[];
  /** What it raises without a key: its own sensors and its own state. */
  readonly raises: readonly DeviceAlarmType[];
  /** Metrics of its `vitals` messages. */
  readonly metrics: readonly string[];
  /** What a person speaks through, if at all. */
  readonly voice: boolean;
  /** It can call 120, or another number of its own list, without us: an ambulance may be under way that nobody here called. */
  readonly dials120: boolean;
  readonly battery: BatteryRule | null;
  readonly fingerprint: Fingerprint;
  /** Only of models that send SMS. */
  readonly sms?: readonly SmsPattern[];
  /** At least one of them a press of the red key. */
  readonly golden: readonly Golden[];
  /** For the label, for who lives with it: how to call for help. */
  readonly instructions: Words;
  /** For who mounts it: settings, place, and the test that must be seen to ring. */
  readonly installation: Words;
};
