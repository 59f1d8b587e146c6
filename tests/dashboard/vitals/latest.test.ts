import { expect, test } from 'vitest';
import { calcLatest, sayWidth } from '../../../dashboard/vitals/latest.ts';
import { buildPoint, buildSeries, MINUTE } from './build-series.ts';

const LIMITS = [{ metric: 'heart-rate', low: 41, high: 130 }];
const latestOf = (...points: Parameters<typeof buildPoint>[1][]) =>
  calcLatest(buildSeries({ points: points.map((point, at) => buildPoint(at * 5 * MINUTE, point)) }), LIMITS);

test('an average says that it is one, and hides nothing of its bucket that lies beyond a limit', () => {
  const rest = { atMs: 5 * MINUTE, min: 35, max: 90 };
  expect(latestOf({ avg: 90 }, { avg: 80, min: 35, max: 85, count: 30 })).toEqual({
    ...rest,
    value: 80,
    isAverage: true,
    beyond: [{ standing: 'low', value: 35 }],
  });
  // Both sides at once: neither is left out.
  expect(latestOf({ avg: 80, min: 35, max: 170, count: 30 })?.beyond).toEqual([
    { standing: 'low', value: 35 },
    { standing: 'high', value: 170 },
  ]);
});

test('a single reading, and several that are alike, are no average; what was beyond before the newest bucket is over', () => {
  expect(latestOf({ avg: 140 })).toMatchObject({ isAverage: false, beyond: [{ standing: 'high', value: 140 }] });
  expect(latestOf({ avg: 72, count: 30 })).toMatchObject({ isAverage: false, beyond: [] });
  expect(latestOf({ avg: 140 }, { avg: 72 })).toMatchObject({ value: 72, beyond: [], max: 140 });
  expect(latestOf()).toBeNull();
});

test('a width is said in the unit in which people say it', () => {
  expect(sayWidth(5 * MINUTE)).toEqual({ unit: 'minutes', n: 5 });
  expect(sayWidth(3 * 60 * MINUTE)).toEqual({ unit: 'hours', n: 3 });
  expect(sayWidth(7 * 24 * 60 * MINUTE)).toEqual({ unit: 'days', n: 7 });
});
