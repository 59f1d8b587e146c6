import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAlarm } from '../../../protocols/mqtt-json/decode-alarm.ts';
import { encodeAlarm } from '../../../protocols/mqtt-json/encode.ts';
import { MAX_TEXT_CHARS, PAYLOAD_BOUND_BYTES } from '../../../protocols/mqtt-json/limits.ts';
import { anyAlarm } from './arbitraries.ts';
import { ALARM_VECTORS } from './golden.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('golden vectors', () => {
  test.each(ALARM_VECTORS)('$name', ({ payload, alarm, faults }) => {
    expect(decodeAlarm(bytes(payload))).toEqual({ alarm, faults });
  });
});

test('what is encoded decodes to itself', () => {
  fc.assert(
    fc.property(anyAlarm, (alarm) => {
      expect(decodeAlarm(encodeAlarm(alarm))).toEqual({ alarm, faults: [] });
    }),
  );
});

test('any bytes are an alarm', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (payload) => void decodeAlarm(payload)));
});

test('any JSON is an alarm, also under the names that the contract knows', () => {
  const keys = fc.constantFrom('type', 'of', 'id', 'at', 'zone', 'text', 'batteryPct', 'location', '__proto__');
  const json = fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue()));
  fc.assert(
    fc.property(json, (value) => {
      const { alarm } = decodeAlarm(bytes(JSON.stringify(value)));
      expect(Object.values(alarm)).not.toContain(undefined);
    }),
  );
});

test('bytes that are not UTF-8 are said to be so', () => {
  expect(decodeAlarm(Uint8Array.of(0x7b, 0xff, 0x7d)).faults).toEqual([{ code: 'not-utf8', path: '' }]);
});

test('a payload at the bound is oversized, one byte less is read', () => {
  const padded = (length: number) => bytes('{"type":"sos"}'.padEnd(length));
  expect(decodeAlarm(padded(PAYLOAD_BOUND_BYTES))).toEqual({ alarm: {}, faults: [{ code: 'oversized', path: '' }] });
  expect(decodeAlarm(padded(PAYLOAD_BOUND_BYTES - 1)).alarm).toEqual({ declaredType: 'sos' });
});

test('nesting as deep as the bound allows neither blows the stack nor hides the type', () => {
  const half = PAYLOAD_BOUND_BYTES / 2 - 20;
  const deep = `{"type":"fall","x":${'['.repeat(half)}${']'.repeat(half)}}`;
  expect(decodeAlarm(bytes(deep))).toEqual({
    alarm: { declaredType: 'fall' },
    faults: [{ code: 'too-deep', path: '' }],
  });
  expect(decodeAlarm(bytes('['.repeat(60_000))).faults).toEqual([{ code: 'not-json', path: '' }]);
});

test('a long text is cut, and never in the middle of a character', () => {
  const { alarm, faults } = decodeAlarm(
    bytes(JSON.stringify({ type: 'sos', text: `a${'😀'.repeat(MAX_TEXT_CHARS)}` })),
  );
  expect(faults).toEqual([{ code: 'too-long', path: '/text' }]);
  expect(alarm.text?.isWellFormed()).toBe(true);
  expect(alarm.text?.length).toBe(MAX_TEXT_CHARS - 1);
});

test('a long id is dropped, because a cut would make two presses alike', () => {
  const { alarm, faults } = decodeAlarm(bytes(JSON.stringify({ type: 'sos', id: 'x'.repeat(65) })));
  expect(alarm).toEqual({ declaredType: 'sos' });
  expect(faults).toEqual([{ code: 'too-long', path: '/id' }]);
});

test('keys that stand twice by the thousand leave a bounded number of faults', () => {
  const twice = Array.from({ length: 2000 }, (_, i) => `"k${i}":1,"k${i}":2`).join(',');
  expect(decodeAlarm(bytes(`{"type":"sos",${twice}}`)).faults.length).toBeLessThanOrEqual(16);
});
