import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFeedback } from '../../../protocols/mqtt-json/decode-feedback.ts';
import { decodeStatus } from '../../../protocols/mqtt-json/decode-status.ts';
import { decodeVitals } from '../../../protocols/mqtt-json/decode-vitals.ts';
import { encodeFeedback, encodeStatus, encodeVitals } from '../../../protocols/mqtt-json/encode.ts';
import { anyStatus, anyVitals } from './arbitraries.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('vitals and status decode to what was encoded', () => {
  fc.assert(
    fc.property(anyVitals, (value) => {
      expect(decodeVitals(encodeVitals(value))).toEqual({ ok: true, value, faults: [] });
    }),
  );
  fc.assert(
    fc.property(anyStatus, (value) => {
      expect(decodeStatus(encodeStatus(value))).toEqual({ ok: true, value, faults: [] });
    }),
  );
});

test('feedback decodes to what was encoded, with its time in ISO form on the wire', () => {
  const value = {
    alarmId: 'A',
    id: '7',
    incidentId: null,
    stage: 'received',
    at: 1_772_323_200_000,
    text: '已收到',
  } as const;
  expect(new TextDecoder().decode(encodeFeedback(value))).toContain('"at":"2026-03-01T00:00:00.000Z"');
  expect(decodeFeedback(encodeFeedback(value))).toEqual({ ok: true, value, faults: [] });
});

test('no bytes make a decoder throw', () => {
  const input = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes));
  fc.assert(
    fc.property(input, (payload) => {
      decodeVitals(payload);
      decodeStatus(payload);
      decodeFeedback(payload);
    }),
  );
});

test('a reading that cannot be read is named by its place, the others count', () => {
  const payload =
    '{"readings":[{"metric":"spo2","value":97},{"metric":"spo2","value":"97"},5,{"metric":"DROP TABLE","value":1}]}';
  expect(decodeVitals(bytes(payload))).toEqual({
    ok: true,
    value: { readings: [{ metric: 'spo2', value: 97 }] },
    faults: [
      { code: 'bad-field', path: '/readings/1/value' },
      { code: 'bad-field', path: '/readings/2' },
      { code: 'bad-field', path: '/readings/3/metric' },
    ],
  });
});

test.each(['1e999', '-1e999', '1e10', '-2e9'])('a value of %s is no reading', (value) => {
  const payload = `{"readings":[{"metric":"spo2","value":97},{"metric":"spo2","value":${value}}]}`;
  expect(decodeVitals(bytes(payload))).toEqual({
    ok: true,
    value: { readings: [{ metric: 'spo2', value: 97 }] },
    faults: [{ code: 'bad-field', path: '/readings/1/value' }],
  });
});

test('minus zero is zero', () => {
  const decoded = decodeVitals(bytes('{"readings":[{"metric":"steps","value":-0}]}'));
  expect(decoded.ok && Object.is(decoded.value.readings[0]?.value, 0)).toBe(true);
});

test.each([
  ['', 'empty', ''],
  ['[]', 'not-object', ''],
  ['{}', 'bad-field', '/readings'],
  ['{"readings":{}}', 'bad-field', '/readings'],
])('vitals %j are refused with a code and a place', (payload, code, path) => {
  expect(decodeVitals(bytes(payload))).toEqual({ ok: false, faults: [{ code, path }] });
});

test('status is refused only when it is no object', () => {
  expect(decodeStatus(bytes('5'))).toEqual({ ok: false, faults: [{ code: 'not-object', path: '' }] });
  expect(decodeStatus(bytes('{"batteryPct":101,"mains":true}'))).toEqual({
    ok: true,
    value: { mains: true },
    faults: [{ code: 'bad-field', path: '/batteryPct' }],
  });
});
