import { expect, test } from 'vitest';
import { calcLatest } from '../../../dashboard/vitals/latest.ts';
import { formatLimit, standOf } from '../../../dashboard/vitals/limits.ts';
import { chooseFirst, sortMetrics } from '../../../dashboard/vitals/metrics.ts';
import { calcRange } from '../../../dashboard/vitals/scale.ts';
import { planStrips } from '../../../dashboard/vitals/strips.ts';
import { VITAL_METRICS } from '../../../devices/vital-metrics.ts';
import { decimalsOf } from '../../../dashboard/vitals/metrics.ts';
import { T0 } from '../build-incident.ts';
import { buildPoint, buildSeries } from './build-series.ts';

const heart = (...values: number[]) =>
  buildSeries({ points: values.map((avg, index) => buildPoint(T0 + index * 1000, { avg })) });

test('the page shows every metric with the digits that the gateway keeps', () => {
  for (const [metric, { decimals }] of Object.entries(VITAL_METRICS)) expect(decimalsOf(metric), metric).toBe(decimals);
});

test('blood pressure shares a strip and its scale; pulse and breathing have the unit in common but not the limits', () => {
  const metrics = ['systolic', 'diastolic', 'heart-rate', 'respiratory-rate', 'spo2'];
  const units: Record<string, string> = { systolic: 'mm[Hg]', diastolic: 'mm[Hg]', spo2: '%' };
  const strips = planStrips(
    metrics.map((metric) => buildSeries({ metric, unit: units[metric] ?? '1/min' })),
    [{ metric: 'spo2', low: 92, high: null }],
  );
  expect(strips.map(({ series }) => series.map(({ metric }) => metric))).toEqual([
    ['systolic', 'diastolic'],
    ['heart-rate'],
    ['respiratory-rate'],
    ['spo2'],
  ]);
  expect(strips.map(({ limits }) => limits.length)).toEqual([0, 0, 0, 1]);
});

test('a calm day looks calm, an outlier and every limit are in the picture', () => {
  expect(calcRange('1/min', [heart(70, 72)], [])).toEqual({ min: 45, max: 115 });
  const { min, max } = calcRange('1/min', [heart(70, 180)], [{ metric: 'heart-rate', low: 41, high: 130 }]);
  expect(min).toBeLessThan(41);
  expect(max).toBeGreaterThan(180);
});

test('percent end at a hundred, and nothing counts below zero', () => {
  const spo2 = buildSeries({ unit: '%', points: [buildPoint(T0, { avg: 100 })] });
  expect(calcRange('%', [spo2], []).max).toBeLessThan(102);
  expect(calcRange('{steps}', [buildSeries({ points: [buildPoint(T0, { avg: 0 })] })], []).min).toBe(0);
});

test('a sensor in a drawer does not press the line flat; alone it is in the picture', () => {
  const flagged = [{ atMs: T0, min: 0, max: 0, count: 1, flags: ['not-worn'] }];
  expect(calcRange('1/min', [{ ...heart(70), flagged }], [])).toEqual({ min: 45, max: 115 });
  expect(calcRange('1/min', [buildSeries({ flagged })], []).min).toBe(0);
});

test('a unit that nobody knows, one value or none: still a scale', () => {
  expect(calcRange(null, [heart(7)], [])).toEqual({ min: 6, max: 8 });
  expect(calcRange(null, [], [])).toEqual({ min: 0, max: 1 });
});

test('the newest value stands against its own limits; on a limit is still well', () => {
  const limits = [
    { metric: 'heart-rate', low: 41, high: 130 },
    { metric: 'spo2', low: 92, high: null },
  ];
  expect(calcLatest(heart(60, 140), limits)).toMatchObject({
    beyond: [{ standing: 'high', value: 140 }],
    ...{ min: 60, max: 140 },
  });
  expect(calcLatest(heart(130), limits)?.beyond).toEqual([]);
  expect(calcLatest(heart(41), limits)?.beyond).toEqual([]);
  expect(calcLatest(heart(40), limits)?.beyond).toEqual([{ standing: 'low', value: 40 }]);
  expect(calcLatest(heart(), limits)).toBeNull();
  expect(standOf(20, undefined)).toBe('within');
});

test('limits are said as they are meant', () => {
  const format = (_: string, value: number): string => String(value);
  expect(formatLimit({ metric: 'm', low: 41, high: 130 }, format)).toBe('41–130');
  expect(formatLimit({ metric: 'm', low: 0, high: null }, format)).toBe('≥ 0');
  expect(formatLimit({ metric: 'm', low: null, high: 9 }, format)).toBe('≤ 9');
  expect(formatLimit({ metric: 'm', low: null, high: null }, format)).toBeNull();
});

test('what kills first stands first; what the case is about is drawn even if it is everyday', () => {
  expect(sortMetrics(['steps', 'zz', 'heart-rate', 'spo2', 'aa', 'spo2'])).toEqual([
    'spo2',
    'heart-rate',
    'steps',
    'aa',
    'zz',
  ]);
  expect(chooseFirst(['spo2', 'steps', 'weight'])).toEqual(['spo2']);
  expect(chooseFirst(['spo2', 'steps', 'weight'], ['weight'])).toEqual(['spo2', 'weight']);
  expect(chooseFirst(['steps'])).toEqual(['steps']);
});
