import fc from 'fast-check';
import { expect, test } from 'vitest';
import { median, medianPercentile, percentile, ratioOf } from '../../../scripts/bench/stats.ts';

test('a percentile is one of the values, by the nearest rank, whatever their order', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(percentile([10, 9], 0.99)).toBe(10);
  expect(percentile([10, 9], 0)).toBe(9);
  expect(percentile([7], 0.01)).toBe(7);
});

test('numbers are not ordered as texts are', () => {
  expect(percentile([100, 20, 3], 0)).toBe(3);
  expect(median([1000, 200, 30])).toBe(200);
});

test('the share of values at or below a percentile is at least what was asked for, and no smaller value does', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (list, q) => {
      const found = percentile(list, q);
      const upTo = (most: number): number => list.filter((value) => value <= most).length;
      expect(list).toContain(found);
      expect(upTo(found)).toBeGreaterThanOrEqual(q * list.length - 1e-9);
      for (const value of list.filter((one) => one < found)) expect(upTo(value)).toBeLessThan(q * list.length);
    }),
  );
});

test('nothing measured is no number', () => {
  expect(median([])).toBeNaN();
  expect(medianPercentile([], 0.99)).toBeNaN();
});

test('of several runs one that stood still does not decide', () => {
  const runs = [
    [1, 2],
    [1, 3],
    [1, 4000],
  ].map((latenciesMs) => ({ latenciesMs }));
  expect(medianPercentile(runs, 0.99)).toBe(3);
});

test('a ratio is that of the two medians', () => {
  expect(ratioOf([1, 10, 4], [2, 2, 8])).toBe(2);
});
