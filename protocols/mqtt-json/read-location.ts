import { Fields, isFields } from './fields.ts';
import type { MqttFault, MqttLocation } from './message.ts';
import { withoutUndefined, type Present } from './present.ts';

/** A radius beyond the earth's half circumference says nothing. Metres. */
const MAX_ACCURACY_M = 20_037_509;

/** A position needs both coordinates; every other part may be missing or be dropped by itself. */
export function readLocation(value: unknown, base: string, faults: MqttFault[]): MqttLocation | undefined {
  if (value === undefined) return undefined;
  if (!isFields(value)) {
    faults.push({ code: 'bad-field', path: base });
    return undefined;
  }
  const fields = new Fields(value, base, faults);
  const lat = fields.number('lat', -90, 90);
  const lon = fields.number('lon', -180, 180);
  if (lat === undefined || lon === undefined) {
    faults.push({ code: 'bad-field', path: base });
    return undefined;
  }
  const location: Present<MqttLocation> = {
    lat,
    lon,
    accuracyM: fields.number('accuracyM', 0, MAX_ACCURACY_M),
    at: fields.time('at'),
    source: fields.choice('source', ['gnss', 'wifi', 'cell']),
    datum: fields.choice('datum', ['wgs84', 'gcj02', 'bd09']),
  };
  return withoutUndefined<MqttLocation>(location);
}
