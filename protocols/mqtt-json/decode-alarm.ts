import { Fields } from './fields.ts';
import { readJsonObject } from './json-object.ts';
import { MAX_ID_CHARS, MAX_SHORT_CHARS, MAX_TEXT_CHARS, MAX_ZONE_CHARS } from './limits.ts';
import type { MqttAlarm, MqttFault } from './message.ts';
import { withoutUndefined } from './present.ts';
import { readLocation } from './read-location.ts';

/**
 * Payload of topic `alarm` (design §8) to a typed message. Total: every sequence of bytes is an alarm (promise P2), so
 * this neither throws nor refuses. What cannot be read is left out and named in `faults`.
 */
export function decodeAlarm(payload: Uint8Array): { readonly alarm: MqttAlarm; readonly faults: readonly MqttFault[] } {
  const { fields: values, faults: found } = readJsonObject(payload);
  const faults = [...found];
  const fields = new Fields(values, '', faults);
  const alarm = withoutUndefined<MqttAlarm>({
    declaredType: fields.text('type', MAX_SHORT_CHARS),
    declaredOf: fields.text('of', MAX_SHORT_CHARS),
    id: fields.id('id', MAX_ID_CHARS),
    at: fields.time('at'),
    zone: fields.text('zone', MAX_ZONE_CHARS),
    text: fields.text('text', MAX_TEXT_CHARS),
    batteryPct: fields.number('batteryPct', 0, 100),
    location: readLocation(fields.raw('location'), '/location', faults),
  });
  return { alarm, faults };
}
