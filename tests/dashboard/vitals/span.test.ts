import { expect, test } from 'vitest';
import { BUCKETS } from '../../../gateway/api/contract/observations.ts';
import { BUCKET_MS, calcBounds, chooseBucket, formatField, PRESETS, readSpan } from '../../../dashboard/vitals/span.ts';
import { T0 } from '../build-incident.ts';
import { HOUR, MINUTE } from './build-series.ts';

test('every bucket of the contract has its width, in rising order', () => {
  expect(Object.keys(BUCKET_MS)).toEqual([...BUCKETS]);
  expect(Object.values(BUCKET_MS)).toEqual(Object.values(BUCKET_MS).toSorted((a, b) => a - b));
});

test.each([
  ['24h', '5m', 288],
  ['7d', '1h', 168],
  ['30d', '3h', 240],
  ['90d', '12h', 180],
] as const)('%s are asked for in buckets of %s: %i points', (preset, bucket, points) => {
  const bounds = calcBounds({ kind: 'last', preset }, T0);
  expect(chooseBucket(bounds)).toBe(bucket);
  expect((bounds.toMs - bounds.fromMs) / BUCKET_MS[bucket]).toBe(points);
});

test('every span of a button ends now and one that was chosen stays where it is', () => {
  for (const preset of PRESETS) expect(calcBounds({ kind: 'last', preset }, T0).toMs).toBe(T0);
  const fixed = { kind: 'fixed', fromMs: T0 - HOUR, toMs: T0 } as const;
  expect(calcBounds(fixed, T0 + 5 * HOUR)).toEqual({ fromMs: T0 - HOUR, toMs: T0 });
});

test('two fields give a span, or the reason why not', () => {
  const field = (ms: number) => formatField(ms);
  expect(readSpan(field(T0), field(T0 + HOUR))).toEqual({ kind: 'fixed', fromMs: T0, toMs: T0 + HOUR });
  expect(readSpan('', field(T0))).toBe('incomplete');
  expect(readSpan(field(T0), field(T0))).toBe('order');
  expect(readSpan(field(T0), field(T0 + MINUTE))).toBe('short');
  expect(readSpan(field(T0 - 401 * 24 * HOUR), field(T0))).toBe('long');
});
