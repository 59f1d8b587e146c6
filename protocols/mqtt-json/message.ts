/**
 * The typed messages of MQTT-JSON (design §8). Syntax only: what a type *means* is said in `devices/meaning`.
 * Times are epoch milliseconds by the device's clock, unproven. Percentages are 0 to 100.
 */

/** A coded fault; `path` is a JSON pointer (RFC 6901) into the payload, '' is the whole of it. */
export type MqttFault = {
  readonly code: 'empty' | 'oversized' | 'not-utf8' | 'not-json' | 'too-deep' | 'not-object' | 'bad-field' | 'too-long';
  readonly path: string;
};

/** Degrees, metres. `datum` because the Chinese datums differ by about 500 m. */
export type MqttLocation = {
  readonly lat: number;
  readonly lon: number;
  readonly accuracyM?: number;
  readonly at?: number;
  readonly source?: 'gnss' | 'wifi' | 'cell';
  readonly datum?: 'wgs84' | 'gcj02' | 'bd09';
};

/** Topic `alarm`. `declaredType` is the device's word, whatever it is: never log it. */
export type MqttAlarm = {
  readonly declaredType?: string;
  readonly declaredOf?: string;
  readonly id?: string;
  readonly at?: number;
  readonly zone?: string;
  readonly text?: string;
  readonly batteryPct?: number;
  readonly location?: MqttLocation;
};

export type MqttReading = {
  /** `heart-rate spo2 systolic diastolic temperature respiratory-rate glucose weight steps sleep-minutes …`; open list. */
  readonly metric: string;
  /** Finite, within ±MAX_ABS_VALUE, never -0. */
  readonly value: number;
  readonly unit?: string;
  readonly at?: number;
  readonly quality?: 'ok' | 'poor' | 'none';
  readonly worn?: boolean;
};

/** Topic `vitals`. */
export type MqttVitals = { readonly at?: number; readonly readings: readonly MqttReading[] };

/** Topic `status`: the heartbeat. */
export type MqttStatus = {
  readonly at?: number;
  readonly batteryPct?: number;
  readonly signalPct?: number;
  readonly mains?: boolean;
  readonly firmware?: string;
};

export const FEEDBACK_STAGES = [
  'received',
  'claimed',
  'dispatched',
  'accepted',
  'arrived',
  'with-person',
  'handed-over',
  'resolved',
] as const;
export type FeedbackStage = (typeof FEEDBACK_STAGES)[number];

/** Topic `feedback`. `id` is the device's own message id, `alarmId` the gateway's. `at` is the gateway's clock. */
export type MqttFeedback = {
  readonly alarmId: string;
  readonly id?: string;
  readonly incidentId: string | null;
  readonly stage: FeedbackStage;
  readonly at: number;
  readonly text: string;
};

/** What a decoder of anything but an alarm gives: a value with what was dropped from it, or why there is none. */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T; readonly faults: readonly MqttFault[] }
  | { readonly ok: false; readonly faults: readonly MqttFault[] };
