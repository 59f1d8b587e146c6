import { Fields } from './fields.ts';
import { readJsonObject } from './json-object.ts';
import { MAX_ID_CHARS, MAX_TEXT_CHARS } from './limits.ts';
import { FEEDBACK_STAGES, type Decoded, type MqttFeedback } from './message.ts';
import { withoutUndefined } from './present.ts';

/** Payload of topic `feedback` (design §8), as a device reads it. */
export function decodeFeedback(payload: Uint8Array): Decoded<MqttFeedback> {
  const { fields: values, faults: found } = readJsonObject(payload);
  const faults = [...found];
  const fields = new Fields(values, '', faults);
  const alarmId = fields.id('alarmId', MAX_ID_CHARS);
  const stage = fields.choice('stage', FEEDBACK_STAGES);
  const at = fields.time('at');
  const text = fields.text('text', MAX_TEXT_CHARS);
  if (alarmId === undefined || stage === undefined || at === undefined || text === undefined) {
    return { ok: false, faults: faults.length > 0 ? faults : [{ code: 'bad-field', path: '' }] };
  }
  const value = withoutUndefined<MqttFeedback>({
    alarmId,
    id: fields.id('id', MAX_ID_CHARS),
    incidentId: fields.id('incidentId', MAX_ID_CHARS) ?? null,
    stage,
    at,
    text,
  });
  return { ok: true, value, faults };
}
