import { expect, test } from 'vitest';
import { areSamePoints } from '../../../../scripts/bench/chart/same-points.ts';

const point = { t: '2026-01-01T00:00:00.000Z', min: 60, avg: 70.1, max: 80, count: 7 };

test('an average that differs by rounding is the same, one that differs by more is not', () => {
  expect(areSamePoints([point], [{ ...point, avg: point.avg * (1 + 1e-12) }])).toBe(true);
  expect(areSamePoints([point], [{ ...point, avg: point.avg + 0.001 }])).toBe(false);
});

test.for([
  { ...point, t: '2026-01-01T06:00:00.000Z' },
  { ...point, min: 59 },
  { ...point, max: 81 },
  { ...point, count: 8 },
])('a bucket that is otherwise is not the same: %o', (other) => {
  expect(areSamePoints([point], [other])).toBe(false);
});

test('a bucket more or less is not the same', () => {
  expect(areSamePoints([point], [])).toBe(false);
  expect(areSamePoints([], [point])).toBe(false);
  expect(areSamePoints([], [])).toBe(true);
});
