import type { MqttAlarm, MqttFeedback, MqttStatus, MqttVitals } from './message.ts';

/** Typed messages to payloads: UTF-8 JSON, times as epoch milliseconds, undefined fields left out. */

export function encodeAlarm({ declaredType, declaredOf, ...rest }: MqttAlarm): Uint8Array {
  return encode({ type: declaredType, of: declaredOf, ...rest });
}

export function encodeVitals(vitals: MqttVitals): Uint8Array {
  return encode(vitals);
}

export function encodeStatus(status: MqttStatus): Uint8Array {
  return encode(status);
}

/** `at` goes down as ISO 8601 UTC: small devices print it, they do not compute with it. */
export function encodeFeedback(feedback: MqttFeedback): Uint8Array {
  return encode({ ...feedback, at: new Date(feedback.at).toISOString() });
}

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
