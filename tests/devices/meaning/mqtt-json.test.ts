import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEVICE_ALARM_TYPES } from '../../../devices/alarm-types.ts';
import { alarmOfMqttJson } from '../../../devices/meaning/mqtt-json.ts';

const meaning = (text: string) => alarmOfMqttJson(new TextEncoder().encode(text));

test.each(DEVICE_ALARM_TYPES)('%s means itself', (type) => {
  expect(meaning(JSON.stringify({ type }))).toEqual({ kind: 'alarm', type, faults: [] });
});

test('a type without a word in our vocabulary is unknown, and its own word goes no further', () => {
  const message = meaning('{"type":"Wang Xiulan, 3 Lake Road"}');
  expect(message).toEqual({ kind: 'alarm', type: 'unknown', faults: [{ code: 'unknown-type', path: '/type' }] });
});

test('types that only the gateway raises are not for a device to name', () => {
  expect(meaning('{"type":"no-coverage"}').type).toBe('unknown');
  expect(meaning('{"type":"toString"}').type).toBe('unknown');
});

test('no type at all is unknown and says why once', () => {
  expect(meaning('{}').faults).toEqual([{ code: 'unknown-type', path: '/type' }]);
  expect(meaning('').faults).toEqual([{ code: 'empty', path: '' }]);
  expect(meaning('{"at":"soon"}').faults).toEqual([
    { code: 'bad-field', path: '/at' },
    { code: 'unknown-type', path: '/type' },
  ]);
});

test('cancel and restored speak of a type, or of an unknown one', () => {
  expect(meaning('{"type":"cancel"}')).toEqual({ kind: 'cancel', type: 'unknown', faults: [] });
  expect(meaning('{"type":"restored","of":"smoke"}')).toEqual({ kind: 'restored', type: 'smoke', faults: [] });
  expect(meaning('{"type":"restored","of":"dragon"}')).toEqual({
    kind: 'restored',
    type: 'unknown',
    faults: [{ code: 'unknown-type', path: '/of' }],
  });
});

test('the rest of the message is carried over', () => {
  expect(meaning('{"type":"sos","id":3,"zone":"bed","batteryPct":9}')).toEqual({
    kind: 'alarm',
    type: 'sos',
    id: '3',
    zone: 'bed',
    batteryPct: 9,
    faults: [],
  });
});

test('any bytes mean an alarm', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((json) => new TextEncoder().encode(json)),
      ),
      (payload) => {
        expect(['alarm', 'cancel', 'restored']).toContain(alarmOfMqttJson(payload).kind);
      },
    ),
  );
});
