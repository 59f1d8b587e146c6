import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST_ROWS, planTable } from '../../../dashboard/vitals/table.ts';
import type { Mark } from '../../../dashboard/vitals/marks.ts';
import { T0 } from '../build-incident.ts';
import { buildPoint, buildSeries, HOUR, MINUTE } from './build-series.ts';

const DAY = 24 * HOUR;
const bounds = { fromMs: T0 - DAY, toMs: T0 };
const limits = [{ metric: 'heart-rate', low: 41, high: 130 }];
const mark = (atMs: number): Mark => ({ id: String(atMs), atMs, type: 'sos', isOwn: true, isMinor: false });

test('limits stand first, then alarms and readings by time, the newest on top', () => {
  const series = [buildSeries({ points: [buildPoint(T0 - 5 * HOUR), buildPoint(T0 - HOUR)] })];
  const rows = planTable(series, limits, [mark(T0 - 3 * HOUR)], bounds, 0);
  expect(rows.map(({ kind }) => kind)).toEqual(['limits', 'readings', 'alarm', 'readings']);
});

test('a row sums up what lies in it: least, greatest, and each reading as often as it came', () => {
  const points = [
    buildPoint(T0 - 2 * MINUTE, { avg: 60, min: 58, max: 61, count: 3 }),
    buildPoint(T0 - MINUTE, { avg: 80, min: 79, max: 90, count: 1 }),
  ];
  const flagged = [{ atMs: T0 - MINUTE, min: 0, max: 0, count: 4, flags: ['poor'] }];
  expect(planTable([buildSeries({ points, flagged })], [], [], bounds, 0)).toMatchObject([
    { kind: 'readings', cells: [{ avg: 65, min: 58, max: 90, count: 4 }], flagged: 4 },
  ]);
});

test('rows begin at whole hours of the zone, and the newest ends now', () => {
  const now = T0 + 7 * MINUTE;
  const points = [buildPoint(now - 40 * MINUTE), buildPoint(now)];
  const rows = planTable([buildSeries({ points })], [], [], { fromMs: now - DAY, toMs: now }, 8 * HOUR);
  expect(rows).toMatchObject([
    { fromMs: T0, toMs: now },
    { fromMs: T0 - HOUR, toMs: T0 - HOUR + 30 * MINUTE },
  ]);
});

test('a metric without a limit or without readings says so in its own column', () => {
  const rows = planTable(
    [buildSeries({ points: [buildPoint(T0)] }), buildSeries({ metric: 'steps' })],
    limits,
    [],
    bounds,
    0,
  );
  expect(rows[0]).toEqual({ kind: 'limits', limits: [limits[0], null] });
  expect(rows[1]).toMatchObject({ cells: [{ avg: 70 }, null] });
});

test('a day of many presses lists the newest and says how many came before', () => {
  const marks = Array.from({ length: 80 }, (_, index) => mark(T0 - (80 - index) * MINUTE));
  const points = Array.from({ length: 288 }, (_, index) => buildPoint(T0 - index * 5 * MINUTE)).toReversed();
  const rows = planTable([buildSeries({ points })], limits, marks, bounds, 0);
  expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
  expect(rows.filter(({ kind }) => kind === 'readings').length).toBeGreaterThan(20);
  expect(rows.find(({ kind }) => kind === 'alarm')).toMatchObject({ mark: { id: String(T0 - MINUTE) } });
  expect(rows.at(-1)).toEqual({ kind: 'more-alarms', count: 65 });
});

test('however much there is, fifty rows at most, and no reading and no alarm goes unmentioned', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 90 * 24 * 60 - 1 }), { maxLength: 400 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 90 * 24 * 60 - 1 }), { maxLength: 80 }),
      fc.integer({ min: 1, max: 90 }),
      fc.integer({ min: -12, max: 14 }),
      (minutes, alarms, days, offset) => {
        const span = { fromMs: T0 - days * DAY, toMs: T0 };
        const at = (minute: number): number => T0 - minute * MINUTE;
        const points = minutes.toSorted((a, b) => b - a).map((minute) => buildPoint(at(minute)));
        const marks = alarms.toSorted((a, b) => b - a).map((minute) => mark(at(minute)));
        const rows = planTable([buildSeries({ points })], limits, marks, span, offset * HOUR);
        expect(rows.length).toBeLessThanOrEqual(MOST_ROWS);
        const isIn = (atMs: number): boolean => atMs >= span.fromMs && atMs <= span.toMs;
        const counted = rows.reduce((sum, row) => sum + (row.kind === 'readings' ? (row.cells[0]?.count ?? 0) : 0), 0);
        const inside = points.filter(({ atMs }) => isIn(atMs)).length;
        expect(counted).toBe(inside);
        const told = rows.reduce(
          (sum, row) => sum + (row.kind === 'alarm' ? 1 : row.kind === 'more-alarms' ? row.count : 0),
          0,
        );
        expect(told).toBe(marks.filter(({ atMs }) => atMs >= span.fromMs && atMs <= span.toMs).length);
      },
    ),
  );
});

test('among many alarms a grave one of long ago is listed before a device that was silent today', () => {
  const silent = Array.from({ length: 20 }, (_, n) => ({ ...mark(T0 - n * MINUTE), isOwn: false, isMinor: true }));
  const fall = { ...mark(T0 - 20 * HOUR), isOwn: false };
  const rows = planTable([buildSeries({ points: [buildPoint(T0)] })], [], [fall, ...silent.toReversed()], bounds, 0);
  expect(rows).toContainEqual({ kind: 'alarm', mark: fall });
  expect(rows.at(-1)).toEqual({ kind: 'more-alarms', count: 6 });
});
