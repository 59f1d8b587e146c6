import { expect, test } from 'vitest';
import { lastMeasure, measureOf, measureSentence } from '../../../dashboard/incident/measure.ts';
import { sayIn } from '../say-in.ts';

const LOW = { metric: 'spo2', value: 86, unit: '%', limit: 90, side: 'low', forMs: 6 * 60_000 } as const;

test('an alarm of a vital sign explains itself in one sentence', () => {
  expect(measureSentence(LOW, sayIn('en'))).toBe('SpO2 86 % for 6 min, limit 90');
  expect(measureSentence(LOW, sayIn('zh'))).toBe('血氧 86 %，已 6 分钟，界限 90');
});

test.each([
  [0, 'SpO2 86 %, limit 90'],
  [20_000, 'SpO2 86 % for 20 s, limit 90'],
  [59_999, 'SpO2 86 % for 59 s, limit 90'],
  [3 * 3_600_000 + 60_000, 'SpO2 86 % for 3 h 1 min, limit 90'],
])('%i ms reads as "%s"', (forMs, words) => {
  expect(measureSentence({ ...LOW, forMs }, sayIn('en'))).toBe(words);
});

test('a metric that this page does not know is shown by its code, and units as people write them', () => {
  const other = { ...LOW, metric: 'hrv', unit: 'ms' };
  expect(measureSentence(other, sayIn('en'))).toBe('hrv 86 ms for 6 min, limit 90');
  expect(measureSentence({ ...LOW, metric: 'systolic', unit: 'mm[Hg]', value: 231, limit: 219 }, sayIn('en'))).toBe(
    'Systolic pressure 231 mmHg for 6 min, limit 219',
  );
});

test('of several alarms the newest measure that rang counts, not that it was back', () => {
  const back = { ...LOW, value: 97 };
  expect(
    lastMeasure([
      { kind: 'alarm', measure: null },
      { kind: 'alarm', measure: { ...LOW, value: 88 } },
      { kind: 'alarm', measure: LOW },
      { kind: 'alarm', measure: null },
      { kind: 'restored', measure: back },
    ]),
  ).toEqual(LOW);
  expect(lastMeasure([])).toBeNull();
});

test('what an entry of the log has measured is found, and what was erased is not', () => {
  expect(measureOf({ measure: LOW })).toEqual(LOW);
  for (const measure of [undefined, null, 'x', { metric: 'spo2' }]) expect(measureOf({ measure })).toBeNull();
});
