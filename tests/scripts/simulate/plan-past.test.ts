import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutAtDays, planPast } from '../../../scripts/simulate/plan-past.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = Date.UTC(2026, 10, 22, 9, 30);

const listTimes = (stretches: ReturnType<typeof planPast>): number[] =>
  stretches.flatMap(({ fromMs, toMs, everyMs }) =>
    Array.from({ length: Math.ceil((toMs - fromMs) / everyMs) }, (_, n) => fromMs + n * everyMs),
  );

test('the past reaches to now without a hole, and its last two days are measured each minute', () => {
  const times = listTimes(planPast(NOW, 90));
  expect(times[0]).toBe(NOW - 90 * DAY_MS);
  const steps = times.slice(1).map((time, n) => time - (times[n] ?? 0));
  expect(new Set(steps)).toEqual(new Set([10 * MINUTE_MS, MINUTE_MS]));
  expect(times.at(-1)).toBe(NOW - MINUTE_MS);
  expect(times.filter((time) => time >= NOW - DAY_MS)).toHaveLength(24 * 60);
});

test('a past of one day is all recent', () => {
  expect(planPast(NOW, 1)).toEqual([{ fromMs: NOW - DAY_MS, toMs: NOW, everyMs: MINUTE_MS }]);
});

test('cut at days it is the same moments, and no piece reaches over midnight', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: DAY_MS }), fc.integer({ min: 1, max: 12 }), (lateMs, days) => {
      const past = planPast(NOW + lateMs, days);
      const pieces = cutAtDays(past);
      expect(listTimes(pieces)).toEqual(listTimes(past));
      for (const piece of pieces) {
        const days = new Set(listTimes([piece]).map((time) => Math.floor(time / DAY_MS)));
        expect(days.size).toBe(1);
      }
    }),
  );
});
