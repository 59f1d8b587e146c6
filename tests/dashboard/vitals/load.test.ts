import { expect, test } from 'vitest';
import { failureOf, type Result } from '../../../dashboard/api/failure.ts';
import { loadLastWeek, loadSeries } from '../../../dashboard/vitals/load.ts';
import { T0 } from '../build-incident.ts';
import { buildAnswer, HOUR } from './build-series.ts';

function apiAnswering(answer: (path: string) => unknown) {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  return {
    asked,
    most: () => most,
    get: async <T>(path: string): Promise<Result<T>> => {
      asked.push(path);
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      const value = answer(path);
      return value === null ? { ok: false, failure: failureOf('degraded') } : { ok: true, value: value as T };
    },
  };
}

const ask = {
  residentId: 'res/1',
  metrics: ['spo2', 'heart-rate', 'systolic'],
  bounds: { fromMs: T0 - 24 * HOUR, toMs: T0 },
  offsetMinutes: 480,
};
const signal = new AbortController().signal;

test('metrics are asked for one after the other, so that a claim never waits for a chart', async () => {
  const api = apiAnswering(() => buildAnswer([T0]));
  expect(await loadSeries(api, ask, signal)).toMatchObject({ ok: true });
  expect(api.most()).toBe(1);
  expect(api.asked[0]).toBe(
    '/residents/res%2F1/observations?metric=spo2&from=2026-02-28T18%3A00%3A00.000Z&to=2026-03-01T18%3A00%3A00.000Z&bucket=5m&offset=480',
  );
});

test('the first failure ends it: a part is never shown as the whole, and the rest is not asked for', async () => {
  const api = apiAnswering((path) => (path.includes('heart-rate') ? null : buildAnswer([T0])));
  expect(await loadSeries(api, ask, signal)).toMatchObject({ ok: false, failure: { code: 'degraded' } });
  expect(api.asked).toHaveLength(2);
});

test('days begin at whole hours of the zone, as the gateway takes them', async () => {
  const api = apiAnswering(() => buildAnswer([T0]));
  await loadSeries(api, { ...ask, metrics: ['spo2'], offsetMinutes: 330 }, signal);
  expect(api.asked[0]).toContain('offset=300');
});

test('the last week with readings is around the newest of any metric, flagged ones too; none: never', async () => {
  const newest = T0 - 100 * 24 * HOUR;
  const api = apiAnswering((path) =>
    path.includes('spo2')
      ? buildAnswer([], {
          bucket: '7d',
          flagged: [{ t: new Date(newest).toISOString(), min: 1, max: 1, count: 1, flags: [] }],
        })
      : buildAnswer([newest - 30 * 24 * HOUR], { bucket: '7d' }),
  );
  const found = await loadLastWeek(api, ask, signal);
  expect(found.ok && found.value !== null && found.value.fromMs).toBe(newest);
  expect(
    await loadLastWeek(
      apiAnswering(() => buildAnswer([])),
      ask,
      signal,
    ),
  ).toEqual({ ok: true, value: null });
});
