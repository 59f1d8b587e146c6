import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findNear, joinSeries, listAlone, listCrosses, readSeries } from '../../../dashboard/vitals/series.ts';
import { T0 } from '../build-incident.ts';
import { buildAnswer, buildPoint, buildSeries, HOUR, MINUTE } from './build-series.ts';

const bounds = { fromMs: T0, toMs: T0 + 24 * HOUR };

test('a point stands in the middle of its bucket, the last one never behind now', () => {
  const { points } = readSeries(buildAnswer([T0, T0 + 5 * MINUTE]), { fromMs: T0, toMs: T0 + 7 * MINUTE });
  expect(points.map(({ atMs }) => atMs - T0)).toEqual([2.5 * MINUTE, 6 * MINUTE]);
});

test('where readings come in each bucket several missing ones are a gap', () => {
  const begins = [0, 5, 10, 40, 45].map((minutes) => T0 + minutes * MINUTE);
  const { lines, xs } = joinSeries([readSeries(buildAnswer(begins), bounds)]);
  expect(lines[0]?.avg).toEqual([70, 70, 70, null, 70, 70]);
  expect(lines[0]?.min).toEqual([68, 68, 68, null, 68, 68]);
  expect(xs).toHaveLength(6);
});

test('a device that measures every quarter of an hour is joined; one that measures twice a day is not', () => {
  const quarters = Array.from({ length: 6 }, (_, index) => T0 + index * 15 * MINUTE);
  expect(joinSeries([readSeries(buildAnswer(quarters), bounds)]).lines[0]?.avg).not.toContain(null);
  const twice = readSeries(buildAnswer([T0, T0 + 12 * HOUR]), bounds);
  expect(joinSeries([twice]).lines[0]?.avg).toEqual([70, null, 70]);
  expect(listAlone(twice)).toHaveLength(2);
});

test('an hour without any reading is a gap where buckets are that wide', () => {
  const begins = [0, 1, 3].map((hours) => T0 + hours * HOUR);
  const answer = buildAnswer(begins, { bucket: '1h' });
  expect(joinSeries([readSeries(answer, bounds)]).lines[0]?.avg).toEqual([70, 70, null, 70]);
});

test('moments of another line are no gaps', () => {
  const first = buildSeries({ points: [buildPoint(T0), buildPoint(T0 + 2 * MINUTE)] });
  const second = buildSeries({ points: [buildPoint(T0 + MINUTE, { avg: 120 })] });
  const { lines } = joinSeries([first, second]);
  expect(lines[0]?.avg).toEqual([70, undefined, 70]);
  expect(lines[1]?.avg).toEqual([undefined, 120, undefined]);
});

test('whatever comes, times rise, every reading is drawn once, and no line runs over a gap', () => {
  const series = fc
    .uniqueArray(fc.integer({ min: 0, max: 500 }), { maxLength: 60 })
    .map((minutes) =>
      buildSeries({ points: minutes.toSorted((a, b) => a - b).map((minute) => buildPoint(T0 + minute * MINUTE)) }),
    );
  fc.assert(
    fc.property(fc.array(series, { minLength: 1, maxLength: 3 }), (all) => {
      const { xs, lines } = joinSeries(all);
      xs.slice(1).forEach((x, index) => expect(x).toBeGreaterThan(xs[index] ?? Number.POSITIVE_INFINITY));
      all.forEach((one, index) => {
        const avg = lines[index]?.avg ?? [];
        expect(avg.filter((value) => typeof value === 'number')).toHaveLength(one.points.length);
        let beforeMs: number | null = null;
        xs.forEach((x, at) => {
          const value = avg[at];
          if (value === null) beforeMs = null;
          if (typeof value !== 'number') return;
          if (beforeMs !== null) expect(x * 1000 - beforeMs).toBeLessThanOrEqual(one.gapMs + 1);
          beforeMs = x * 1000;
        });
      });
    }),
  );
});

test('only what no line reaches is marked by itself', () => {
  const points = [0, 60, 62, 64, 200].map((minute) => buildPoint(T0 + minute * MINUTE));
  expect(listAlone(buildSeries({ points })).map(({ atMs }) => (atMs - T0) / MINUTE)).toEqual([0, 200]);
});

test('under the cursor is the nearest reading, or none in a gap', () => {
  const series = buildSeries({ points: [buildPoint(T0, { avg: 60 }), buildPoint(T0 + HOUR, { avg: 90 })] });
  expect(findNear(series, T0 + 4 * MINUTE)?.avg).toBe(60);
  expect(findNear(series, T0 + HOUR - MINUTE)?.avg).toBe(90);
  expect(findNear(series, T0 + 30 * MINUTE)).toBeNull();
});

test('in wide buckets a cross stands only where nothing else was measured', () => {
  const flag = (atMs: number) => ({ atMs, min: 0, max: 0, count: 1, flags: ['poor'] });
  const [both, alone] = [T0, T0 + HOUR].map(flag);
  if (both === undefined || alone === undefined) throw new Error('two');
  const series = buildSeries({ points: [buildPoint(T0)], flagged: [both, alone] });
  expect(listCrosses(series)).toEqual([both, alone]);
  expect(listCrosses({ ...series, bucketMs: HOUR })).toEqual([alone]);
});
