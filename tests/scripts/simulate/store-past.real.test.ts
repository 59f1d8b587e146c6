import { expect, test } from 'vitest';
import { areSamePoints } from '../../../scripts/bench/chart/same-points.ts';
import { readPlan } from '../../../scripts/bench/chart/read-plan.ts';
import { storePast } from '../../../scripts/simulate/store-past.ts';
import { loadPoints, POINTS_SQL, pointsValues } from '../../../gateway/telemetry/observations/load-points.ts';
import { planSpan, type Span } from '../../../gateway/telemetry/observations/span.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { openPool } from '../../gateway/history/world.ts';
import { silent } from '../../gateway/incidents/world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const METRICS = ['spo2', 'steps'];
const EVERY_MS = 30 * 60_000;
const DEVICES = ['watch-1', 'watch-2'];
const LATE = 'watch-3';

/** Drops of one long drizzle: the same in every run, never twice the same. */
function createDice(): () => number {
  let n = 0;
  return () => {
    n += 1;
    return (n * Math.SQRT2) % 1;
  };
}

test('ninety days are stored by the day and closed by the hour, once, and a chart over them reads the hours', async () => {
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await pool.query(`insert into homes (id, address) values ('h', 'a')`);
  for (const id of [...DEVICES, LATE]) {
    await pool.query(`insert into residents (id, home_id, name) values ('r-' || $1, 'h', 'n')`, [id]);
    await pool.query(`insert into devices (id, model, secret_sha256) values ($1, 'm', sha256('s'))`, [id]);
    await pool.query(
      `insert into device_bindings (device_id, number, bound_from, bound_by) values ($1, 1, now(), 't')`,
      [id],
    );
    await pool.query(`insert into device_binding_residents values ($1, 1, 'r-' || $1)`, [id]);
  }
  // The database's own clock says which hours may be closed.
  const nowMs = Date.now();
  const options = {
    databaseUrl,
    wearings: DEVICES.map((id) => ({ deviceId: id, residentId: `r-${id}`, metrics: METRICS })),
    past: [{ fromMs: nowMs - 90 * DAY_MS, toMs: nowMs, everyMs: EVERY_MS }],
    nowMs,
    random: createDice(),
    logger: silent,
  };
  const messages = (90 * DAY_MS) / EVERY_MS;
  expect(await storePast(options)).toBe(messages * METRICS.length * DEVICES.length);
  expect(await storePast(options), 'whoever has a past keeps it').toBe(0);
  // Its hours are closed by now: all of them are late.
  const late = { deviceId: LATE, residentId: `r-${LATE}`, metrics: ['spo2'] };
  expect(await storePast({ ...options, wearings: [late] })).toBe(messages);
  expect((await pool.query('select from observations_dirty')).rowCount).toBe(0);
  await pool.query('analyze observations, observations_hourly');

  const spans = [
    { fromMs: nowMs - 90 * DAY_MS, toMs: nowMs },
    { fromMs: nowMs - 90 * DAY_MS, toMs: nowMs, bucket: '1d', offset: 480 },
    { fromMs: nowMs - 30 * DAY_MS, toMs: nowMs - 10 * DAY_MS, bucket: '1h' },
  ] as const;
  for (const wanted of spans) {
    const span = planSpan(wanted) as Span;
    expect(span.from).toBe('hours');
    const asked = [...METRICS.map((metric) => ['watch-1', metric] as const), [LATE, 'spo2'] as const];
    for (const [device, metric] of asked) {
      const of = { residentId: `r-${device}`, metric };
      const byHours = await loadPoints(pool, of, span);
      const byReadings = await loadPoints(pool, of, { ...span, from: 'readings' });
      expect(byHours.points.length).toBeGreaterThan(80);
      expect(areSamePoints(byHours.points, byReadings.points), `${device}, ${metric} in steps of ${span.bucket}`).toBe(
        true,
      );
    }
  }

  const span = planSpan(spans[0]) as Span;
  const values = pointsValues({ deviceIds: ['watch-1'], residentId: 'r-watch-1', metric: 'spo2' }, span);
  const { rows } = await pool.query<{ 'QUERY PLAN': unknown }>(
    `explain (analyze, format json) ${POINTS_SQL.hours}`,
    values,
  );
  const { tables } = readPlan(rows[0]?.['QUERY PLAN']);
  expect(tables.filter((table) => /^observations_hourly_\d{8}$/.test(table)).length).toBeGreaterThanOrEqual(4);
  // What is not closed yet lies in the last hours: one day, or two about midnight.
  const days = tables.filter((table) => /^observations_\d{8}$/.test(table));
  expect(days.length).toBeLessThanOrEqual(2);
  const oldest = new Date(nowMs - 2 * HOUR_MS).toISOString().slice(0, 10).replaceAll('-', '');
  for (const day of days) expect(day >= `observations_${oldest}`, day).toBe(true);
});
