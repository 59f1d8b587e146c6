import { describe, expect, test } from 'vitest';
import { PLAUSIBLE_RANGES } from '../../../../devices/simulator/plausible-vitals.ts';
import { findMetric } from '../../../../devices/vital-metrics.ts';
import { DEFAULT_LIMITS } from '../../../../gateway/telemetry/limits/default-limits.ts';
import { findLimits, listLimits } from '../../../../gateway/telemetry/limits/effective-limits.ts';
import { MEASURING } from '../../../../gateway/telemetry/limits/measuring.ts';

const HOUR = 60 * 60_000;

describe.each(Object.entries(DEFAULT_LIMITS))('The default for %s', (metric, { low, high, source, worse }) => {
  test('lies within what a living person can have, and something can be beyond it', () => {
    const range = findMetric(metric);
    if (range === undefined) throw new Error(`${metric} is no metric`);
    if (low !== null) expect(low).toBeGreaterThan(range.min);
    if (high !== null) expect(high).toBeLessThan(range.max);
    if (low !== null && high !== null) expect(low).toBeLessThan(high);
    expect(worse).toBeGreaterThan(0);
    expect(['NEWS2 2017', 'chosen']).toContain(source);
  });
});

test.each(Object.entries(MEASURING))(
  '%s: one reading that rings lies beyond the default, and within what can be',
  (metric, { far, gapMs }) => {
    expect(gapMs).toBeGreaterThan(HOUR);
    if (far === null) return;
    const [limits, range] = [findLimits([], metric), findMetric(metric)];
    if (limits === null || range === undefined) throw new Error(`${metric} has no limit`);
    if (far.low !== null) expect(far.low).toBeLessThan(limits.low ?? -Infinity);
    if (far.high !== null) expect(far.high).toBeGreaterThan(limits.high ?? Infinity);
    if (far.low !== null) expect(far.low).toBeGreaterThan(range.min);
    if (far.high !== null) expect(far.high).toBeLessThan(range.max);
  },
);

/** Chart 1 of the Royal College of Physicians, 2017: the values that score 3 points (temperature above: 2). */
test.each([
  ['respiratory-rate', 8, 25],
  ['spo2', 91, null],
  ['systolic', 90, 220],
  ['heart-rate', 40, 131],
  ['temperature', 35, 39.1],
])('the bands of NEWS2 at the ends of %s are beyond, and the next value is not', (metric, below, above) => {
  const limits = findLimits([], metric);
  const step = metric === 'temperature' ? 0.1 : 1;
  if (limits?.low == null) throw new Error('no low end');
  expect([below < limits.low, Number((below + step).toFixed(1)) < limits.low]).toEqual([true, false]);
  if (above === null || limits.high === null) expect([above, limits.high]).toEqual([null, null]);
  else expect([above > limits.high, Number((above - step).toFixed(1)) > limits.high]).toEqual([true, false]);
});

test.each(Object.entries(PLAUSIBLE_RANGES))('the %s of a simulated elder never rings', (metric, { min, max }) => {
  const limits = findLimits([], metric);
  expect(min).toBeGreaterThanOrEqual(limits?.low ?? min);
  expect(max).toBeLessThanOrEqual(limits?.high ?? max);
});

test('a person’s own limit replaces the default of its metric whole, and leaves the others', () => {
  const own = [
    { metric: 'spo2', low: 88, high: 97 },
    { metric: 'weight', low: 45, high: null },
    { metric: 'glucose', low: null, high: null },
  ];
  expect(findLimits(own, 'spo2')).toMatchObject({ low: 88, high: 97, worse: 4 });
  expect(findLimits(own, 'weight')).toMatchObject({ low: 45, high: null });
  expect(findLimits(own, 'glucose')).toBeNull();
  expect(findLimits(own, 'heart-rate')).toEqual(findLimits([], 'heart-rate'));
  expect(findLimits(own, 'mood')).toBeNull();
  const listed = listLimits(own);
  expect(listed.filter(({ source }) => source === 'own').map(({ metric }) => metric)).toEqual([
    'spo2',
    'glucose',
    'weight',
  ]);
  expect(listed).toHaveLength(Object.keys(DEFAULT_LIMITS).length + 1);
});
