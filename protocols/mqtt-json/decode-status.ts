import { Fields } from './fields.ts';
import { readJsonObject } from './json-object.ts';
import { MAX_SHORT_CHARS } from './limits.ts';
import type { Decoded, MqttStatus } from './message.ts';
import { withoutUndefined } from './present.ts';

/** Payload of topic `status` (design §8). Refused only when it is no JSON object; a bad field is dropped with a fault. */
export function decodeStatus(payload: Uint8Array): Decoded<MqttStatus> {
  const { fields: values, faults: found } = readJsonObject(payload);
  const faults = [...found];
  if (found.some((fault) => fault.path === '' && fault.code !== 'too-deep' && fault.code !== 'bad-field')) {
    return { ok: false, faults };
  }
  const fields = new Fields(values, '', faults);
  const value = withoutUndefined<MqttStatus>({
    at: fields.time('at'),
    batteryPct: fields.number('batteryPct', 0, 100),
    signalPct: fields.number('signalPct', 0, 100),
    mains: fields.boolean('mains'),
    firmware: fields.text('firmware', MAX_SHORT_CHARS),
  });
  return { ok: true, value, faults };
}
