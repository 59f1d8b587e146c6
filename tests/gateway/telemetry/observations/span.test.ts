import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS } from '../../../../gateway/api/contract/observations.ts';
import { BUCKET_MS, planSpan, type Span } from '../../../../gateway/telemetry/observations/span.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
const NOW = Date.parse('2026-11-21T02:13:07.123Z');

const wanted = fc.record({
  toMs: fc.integer({ min: NOW - 2000 * DAY_MS, max: NOW }),
  lengthMs: fc.integer({ min: -DAY_MS, max: 1500 * DAY_MS }),
  bucket: fc.option(fc.constantFrom(...BUCKETS), { nil: undefined }),
  offset: fc.constantFrom(undefined, 0, 480, -300, 840),
});

test('a span is answered in whole buckets that cover it, of which there are not too many, or refused with a reason', () => {
  fc.assert(
    fc.property(wanted, ({ toMs, lengthMs, bucket, offset }) => {
      const fromMs = toMs - lengthMs;
      const span = planSpan({ fromMs, toMs, bucket, offset });
      if (lengthMs <= 0) {
        expect(span).toBe('reversed');
        return;
      }
      if (typeof span === 'string') {
        expect(bucket).toBeDefined();
        const stepMs = BUCKET_MS[bucket ?? '1m'];
        const isBelowHour = stepMs < 60 * MINUTE_MS;
        if (span === 'too-long') expect(isBelowHour && lengthMs > 31 * DAY_MS).toBe(true);
        else expect(span === 'too-many-points' && lengthMs / stepMs > 5000).toBe(true);
        return;
      }
      expect(span.bucket).toBe(bucket ?? span.bucket);
      expect(span.stepMs).toBe(BUCKET_MS[span.bucket]);
      expect(span.fromMs).toBeLessThanOrEqual(fromMs);
      expect(span.fromMs).toBeGreaterThan(fromMs - span.stepMs);
      expect(span.toMs).toBeGreaterThanOrEqual(toMs);
      expect(span.toMs).toBeLessThan(toMs + span.stepMs);
      for (const edge of [span.fromMs, span.toMs]) expect(Math.abs((edge - span.originMs) % span.stepMs)).toBe(0);
      expect(span.from).toBe(span.stepMs < 60 * MINUTE_MS ? 'readings' : 'hours');
    }),
  );
});

test('without a wish it is the narrowest that makes a good chart', () => {
  const bucketOf = (lengthMs: number): string => {
    const span = planSpan({ fromMs: NOW - lengthMs, toMs: NOW });
    return typeof span === 'string' ? span : span.bucket;
  };
  expect(bucketOf(MINUTE_MS)).toBe('1m');
  expect(bucketOf(600 * MINUTE_MS)).toBe('1m');
  expect(bucketOf(600 * MINUTE_MS + 1)).toBe('5m');
  expect(bucketOf(DAY_MS)).toBe('5m');
  expect(bucketOf(7 * DAY_MS)).toBe('30m');
  expect(bucketOf(90 * DAY_MS)).toBe('6h');
  expect(bucketOf(3650 * DAY_MS)).toBe('7d');
});

test('days begin where the person lives, weeks on a Monday', () => {
  const at = (bucket: Span['bucket'], offset: number): string => {
    const span = planSpan({ fromMs: NOW - 20 * DAY_MS, toMs: NOW, bucket, offset });
    return typeof span === 'string' ? span : new Date(span.fromMs).toISOString();
  };
  expect(at('1d', 0)).toBe('2026-11-01T00:00:00.000Z');
  expect(at('1d', 480)).toBe('2026-10-31T16:00:00.000Z');
  expect(at('7d', 480)).toBe('2026-10-25T16:00:00.000Z');
  expect(new Date(at('7d', 0)).getUTCDay()).toBe(1);
});

test.each([
  ['9999-12-31T00:00:00Z', '9999-12-31T23:59:59Z', '1d'],
  ['9999-12-31T23:00:00Z', '9999-12-31T23:59:59Z', undefined],
  ['2199-12-31T00:00:00Z', '2200-01-01T00:00:01Z', '1h'],
  ['0000-01-01T00:00:00Z', '0000-02-01T00:00:00Z', '1h'],
  ['1969-12-31T23:59:59Z', '1970-01-02T00:00:00Z', '7d'],
] as const)('%s to %s is out of range', (from, to, bucket) => {
  expect(planSpan({ fromMs: Date.parse(from), toMs: Date.parse(to), bucket })).toBe('out-of-range');
});

test('at the edges of the range whole buckets have years of four digits', () => {
  for (const bucket of BUCKETS) {
    for (const offset of [-720, 840]) {
      for (const fromMs of [0, Date.UTC(2199, 11, 31)]) {
        const span = planSpan({ fromMs, toMs: fromMs + DAY_MS, bucket, offset });
        if (typeof span === 'string') throw new Error(span);
        for (const edge of [span.fromMs, span.toMs]) expect(new Date(edge).toISOString()).toMatch(/^\d{4}-/);
      }
    }
  }
});
