import type { DeviceAlarmType } from '../alarm-types.ts';

/** What a person reads, in the two languages of the console. */
export type Words = { readonly zh: string; readonly en: string };

/** How it speaks to us; `caller-id`: it dials, and its number is all that the line tells. */
export type ModelProtocol = 'mqtt-json' | 'sia-dc09' | 'sur-gard' | 'caller-id' | 'sms';

/** One kind of device, as data (design §3: to add a model is to add one of these and its line in `models.ts`). */
export type DeviceModel = {
  /** As `device add --model` takes it; same pattern as ids. */
  readonly id: string;
  readonly name: Words;
  /** A carried device is never assumed to be at home. */
  readonly mobility: 'fixed' | 'carried';
  readonly protocol: ModelProtocol;
  /** Seconds between two `status` messages of a healthy device. */
  readonly heartbeatS: number;
  readonly keys: readonly { readonly colour: 'red' | 'green'; readonly raises: DeviceAlarmType }[];
  /** What it raises without a key: its own sensors and its own state. */
  readonly raises: readonly DeviceAlarmType[];
  /** Metrics of its `vitals` messages. */
  readonly metrics: readonly string[];
  /** What a person speaks through, if at all. */
  readonly voice: boolean;
  /** For the installer and for the label: how to call for help with it. */
  readonly instructions: Words;
};
