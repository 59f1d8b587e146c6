import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTime } from '../../../protocols/mqtt-json/read-time.ts';

const NOON = Date.UTC(2026, 4, 1, 12);

test.each([
  ['2026-05-01T12:00:00Z', NOON],
  ['2026-05-01T12:00Z', NOON],
  ['2026-05-01t12:00:00z', NOON],
  ['2026-05-01T20:00:00+08:00', NOON],
  ['2026-05-01T20:00:00+0800', NOON],
  ['2026-05-01T20:00:00+08', NOON],
  ['2026-05-01T12:00:00,5Z', NOON + 500],
  ['2026-05-01T12:00:00.123456789Z', NOON + 123],
  [NOON, NOON],
  [NOON + 0.7, NOON],
  [String(NOON), NOON],
  [0, 0],
])('%s is a time', (value, expected) => {
  expect(readTime(value)).toBe(expected);
});

test.each([
  'yesterday',
  '2026-05-01',
  '2026-05-01T12:00:00',
  '2026-13-01T12:00:00Z',
  '2026-05-01T25:00:00Z',
  '',
  '-5',
  '1e12',
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  9e15,
  true,
  null,
  {},
])('%s is none', (value) => {
  expect(readTime(value)).toBeUndefined();
});

test('every instant in its ISO form is read back to the millisecond', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (epochMs) => {
      expect(readTime(new Date(epochMs).toISOString())).toBe(epochMs);
    }),
  );
});

test('anything at all gives a time or nothing', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const time = readTime(value);
      expect(time === undefined || Number.isSafeInteger(time)).toBe(true);
    }),
  );
});
