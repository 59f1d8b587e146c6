import { Fields, isFields } from './fields.ts';
import { readJsonObject } from './json-object.ts';
import { MAX_ABS_VALUE, MAX_READINGS, MAX_SHORT_CHARS } from './limits.ts';
import type { Decoded, MqttFault, MqttReading, MqttVitals } from './message.ts';
import { withoutUndefined } from './present.ts';

const METRIC = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * Payload of topic `vitals` (design §8). Readings stand for themselves: one that cannot be read is dropped with a fault
 * at its place and the others count. Refused only when there is no list of readings, or nothing in it can be read.
 */
export function decodeVitals(payload: Uint8Array): Decoded<MqttVitals> {
  const { fields: values, faults: found } = readJsonObject(payload);
  const faults = [...found];
  const fields = new Fields(values, '', faults);
  const list = fields.raw('readings');
  if (!Array.isArray(list)) {
    if (found.length === 0) fields.fault('readings', 'bad-field');
    return { ok: false, faults };
  }
  if (list.length > MAX_READINGS) fields.fault('readings', 'too-long');
  const readings = list
    .slice(0, MAX_READINGS)
    .map((item: unknown, index) => readReading(item, `/readings/${index}`, faults))
    .filter((reading) => reading !== undefined);
  if (readings.length === 0 && list.length > 0) return { ok: false, faults };
  return { ok: true, value: withoutUndefined<MqttVitals>({ at: fields.time('at'), readings }), faults };
}

function readReading(item: unknown, path: string, faults: MqttFault[]): MqttReading | undefined {
  if (!isFields(item)) {
    faults.push({ code: 'bad-field', path });
    return undefined;
  }
  const fields = new Fields(item, path, faults);
  const metric = fields.raw('metric');
  const value = fields.raw('value');
  if (typeof metric !== 'string' || !METRIC.test(metric)) return fields.fault('metric', 'bad-field');
  // JSON knows no infinity, but its numbers have no end: 1e999 is read as one.
  if (typeof value !== 'number' || !(Math.abs(value) <= MAX_ABS_VALUE)) return fields.fault('value', 'bad-field');
  return withoutUndefined<MqttReading>({
    metric,
    // No -0: it is no other reading than 0.
    value: value + 0,
    unit: fields.text('unit', MAX_SHORT_CHARS),
    at: fields.time('at'),
    quality: fields.choice('quality', ['ok', 'poor', 'none']),
    worn: fields.boolean('worn'),
  });
}
