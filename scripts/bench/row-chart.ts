import { pino } from 'pino';
import type { Pool } from 'pg';
import { createPool } from '../../gateway/store/postgres.ts';
import { loadPoints, POINTS_SQL, pointsValues } from '../../gateway/telemetry/observations/load-points.ts';
import { planSpan, type Span } from '../../gateway/telemetry/observations/span.ts';
import { storePast } from '../simulate/store-past.ts';
import { areSamePoints } from './chart/same-points.ts';
import { readPlan, type Read } from './chart/read-plan.ts';
import { nameOf } from './generator/client.ts';
import { count, ms, type Bench, type Line } from './row.ts';
import { median } from './stats.ts';

const DAYS = 90;
const DAY_MS = 24 * 60 * 60 * 1000;
const METRICS = ['heart-rate', 'spo2', 'temperature'];
const METRIC = 'heart-rate';
const STATEMENT_MS = 120_000;

/** A chart over ninety days as the page asks for it, answered through the hours, against the same computed from the readings. */
export async function benchChart({ site, scale, print }: Bench): Promise<Line[]> {
  print(`${scale.residents} residents get ${DAYS} days behind them`);
  const nowMs = Date.now();
  const logger = pino({ level: 'silent' });
  const names = Array.from({ length: scale.residents }, (_, n) => nameOf(n));
  const rows = await storePast({
    databaseUrl: site.databaseUrl,
    wearings: names.map((name) => ({ deviceId: name, residentId: `r-${name}`, metrics: METRICS })),
    past: [{ fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs, everyMs: scale.everyMs }],
    nowMs,
    random: Math.random,
    logger,
  });
  const pool = createPool({
    databaseUrl: site.databaseUrl,
    applicationName: 'zhuji-bench',
    logger,
    statementTimeoutMs: STATEMENT_MS,
  });
  try {
    await pool.query('vacuum analyze observations, observations_hourly');
    const span = planSpan({ fromMs: nowMs - DAYS * DAY_MS, toMs: nowMs });
    if (typeof span === 'string') throw new Error(`no chart over ${DAYS} days: ${span}`);
    return [await compare(pool, span, rows, scale.repeats)];
  } finally {
    await pool.end();
  }
}

async function compare(pool: Pool, span: Span, rows: number, repeats: number): Promise<Line> {
  const of = { residentId: `r-${nameOf(0)}`, metric: METRIC };
  const raw: Span = { ...span, from: 'readings' };
  const [byHours, byReadings] = [await loadPoints(pool, of, span), await loadPoints(pool, of, raw)];
  const times: Record<Span['from'], number[]> = { hours: [], readings: [] };
  for (let n = 0; n < repeats; n += 1) {
    for (const way of [span, raw]) {
      const beganMs = performance.now();
      await loadPoints(pool, of, way);
      times[way.from].push(performance.now() - beganMs);
    }
  }
  const [hours, readings] = [await explain(pool, of, span), await explain(pool, of, raw)];
  const [ours, other] = [median(times.hours), median(times.readings)];
  const closed = hours.tables.filter((table) => /^observations_\d{8}$/.test(table));
  return {
    what: `a chart over ${DAYS} days in steps of ${span.bucket}, among ${count(rows)} readings, through the hours ÷ from the readings`,
    ours: `${ms(ours)}, ${count(hours.rows)} rows`,
    other: `${ms(other)}, ${count(readings.rows)} rows`,
    ratio: ours / other,
    goal: '',
    notes: [
      ...(areSamePoints(byHours.points, byReadings.points) ? [] : ['chart: the two answers are not the same']),
      // The hours that are not closed yet lie in one day, or in two around midnight.
      ...(closed.length <= 2 ? [] : [`chart: it read the readings of ${closed.length} days`]),
    ],
  };
}

async function explain(pool: Pool, of: { residentId: string; metric: string }, span: Span): Promise<Read> {
  const values = pointsValues({ ...of, deviceIds: [nameOf(0)] }, span);
  const { rows } = await pool.query<{ 'QUERY PLAN': unknown }>(
    `explain (analyze, format json) ${POINTS_SQL[span.from]}`,
    values,
  );
  return readPlan(rows[0]?.['QUERY PLAN']);
}
