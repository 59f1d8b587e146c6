import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { migrate } from '../../gateway/store/migrate.ts';
import { systemClock } from '../../gateway/clock.ts';
import type { Observation } from '../../gateway/telemetry/observation.ts';
import { createObservations } from '../../gateway/telemetry/observations/observations.ts';
import { POINTS_SQL, pointsValues } from '../../gateway/telemetry/observations/load-points.ts';
import { prepareObservations } from '../../gateway/telemetry/observations/prepare.ts';
import { planSpan } from '../../gateway/telemetry/observations/span.ts';
import { openPool } from '../gateway/history/world.ts';
import { silent } from '../gateway/incidents/world.ts';
import { createDatabase } from '../harness/postgres.ts';
import { createTimescale } from '../harness/timescale.ts';
import { until } from '../harness/until.ts';
import {
  askAll,
  DAY_MS,
  METRICS,
  planQuestion,
  scene,
  SCENE_DAYS,
  WATCHES,
  WHO,
  type Question,
  type Round,
} from './world/observation-scenes.ts';
import { compressBefore, openSide, register, type Side } from './world/observation-sides.ts';

const HOUR_MS = 3_600_000;
/** A Monday, as buckets of a week have it; each scene has weeks of its own, always later ones. */
const FIRST_MS = Date.parse('2019-12-30T00:00:00Z');
const SCENE_MS = 28 * DAY_MS;
/** Half a minute where nothing else runs. */
const LIMIT_MS = 300_000;

let timescale: Side;
let plain: Side;
let scenes = 0;
let timescaleUrl = '';

beforeAll(async () => {
  const [{ databaseUrl }, native] = await Promise.all([createTimescale(), createDatabase({ migrated: false })]);
  timescaleUrl = databaseUrl;
  for (const [url, kind] of [
    [databaseUrl, 'timescale'],
    [native.databaseUrl, 'native'],
  ] as const) {
    // From empty, and again.
    expect((await migrate(url)).length).toBeGreaterThan(0);
    expect(await migrate(url)).toEqual([]);
    const pool = openPool(url);
    expect(await prepareObservations(pool)).toMatchObject({ kind, isMade: true });
    expect(await prepareObservations(pool)).toMatchObject({ kind, isMade: false });
  }
  [timescale, plain] = [await openSide(databaseUrl, 'timescale'), await openSide(native.databaseUrl, 'native')];
});

test(
  'whatever was stored, closed, compressed and erased: both answer the same to every question',
  async () => {
    let points = 0;
    let flagged = 0;
    let late = 0;
    let metrics = 0;
    await fc.assert(
      fc.asyncProperty(scene, async ({ rounds, questions }) => {
        const [baseMs, mark] = [FIRST_MS + scenes * SCENE_MS, `-${scenes}`];
        scenes += 1;
        const sides = [timescale, plain];
        const residents = WHO.map((who) => who + mark);
        for (const side of sides)
          await register(
            side,
            residents,
            WATCHES.map((watch) => watch + mark),
          );

        const rowsOf = ({ readings }: Pick<Round, 'readings'>): Observation[] =>
          readings.map(({ who, deviceId, ts, ...rest }) => ({
            ...{ ...rest, deviceId: deviceId + mark, residentId: who === null ? null : who + mark },
            ...{ ts: baseMs + ts, receivedAt: baseMs + SCENE_DAYS * DAY_MS },
          }));
        const store = async (round: Pick<Round, 'readings'>): Promise<void> => {
          expect(await timescale.store(rowsOf(round))).toEqual(await plain.store(rowsOf(round)));
        };
        const compare = async (asked: readonly Question[]): Promise<void> => {
          for (const question of asked) {
            const of = { residentId: question.who + mark, metric: question.metric };
            const span = planQuestion(question, baseMs);
            const [ours, theirs] = [await timescale.load(of, span), await plain.load(of, span)];
            expect({ question, ...ours }).toEqual({ question, ...theirs });
            points += ours.points.length;
            flagged += ours.flagged.length;
          }
        };
        const compareMetrics = async (): Promise<void> => {
          for (const who of residents) {
            const span = { fromMs: baseMs, toMs: baseMs + SCENE_DAYS * DAY_MS };
            const [ours, theirs] = [await timescale.loadMetrics(who, span), await plain.loadMetrics(who, span)];
            expect({ who, ours }).toEqual({ who, ours: theirs });
            metrics += ours.length;
          }
        };
        let keptFromMs = baseMs - DAY_MS;
        const settle = async (ms: number): Promise<void> => {
          for (const side of sides) await side.settle(baseMs + ms, keptFromMs);
          await compressBefore(timescale, baseMs + ms);
        };
        const letGo = async (ms: number): Promise<void> => {
          keptFromMs = baseMs + ms;
          for (const side of sides) await side.letGo(keptFromMs);
        };
        const all = [...WHO.flatMap((who) => METRICS.flatMap((metric) => askAll(who, metric))), ...questions];
        const belowHour = questions.filter((question) => planQuestion(question, baseMs).from === 'readings');

        let closedTo = 0;
        for (const round of rounds) {
          await store(round);
          const isLate = round.readings.some(({ ts }) => ts < closedTo);
          if (isLate) late += 1;
          // Late readings are in the answer of hours when these are counted again, on either side.
          await compare(isLate ? belowHour : questions);
          if (round.settledAt === null) continue;
          closedTo = Math.max(closedTo, round.settledAt);
          await settle(closedTo);
          await compare(questions);
        }
        await settle(SCENE_MS - HOUR_MS);
        await compare(all);
        await compareMetrics();

        await letGo((SCENE_DAYS / 2) * DAY_MS);
        await settle(SCENE_MS - HOUR_MS);
        await compare(all);
        await compareMetrics();

        const [erased = ''] = residents;
        expect(await timescale.erase(erased)).toBe(await plain.erase(erased));
        // What waited in a spool; older ones the lane lets go as expired.
        const waited = rounds.flatMap(({ readings }) => readings).filter(({ ts }) => baseMs + ts >= keptFromMs);
        await store({ readings: waited.map((one) => ({ ...one, ts: one.ts + 1 })) });
        await settle(SCENE_MS - HOUR_MS);
        await compare(all);
        for (const side of sides) {
          for (const table of ['observations', 'observations_hour']) {
            expect(await side.count(`${table} where resident_id = $1`, [erased])).toBe(0);
          }
        }
        await letGo(SCENE_MS);
      }),
      // Each takes seconds: a smaller scene is not looked for, which would end in the test's own limit and tell nothing.
      { numRuns: 4, endOnFailure: true },
    );
    // Not equal for want of anything to compare.
    expect(points).toBeGreaterThan(500);
    expect(flagged).toBeGreaterThan(100);
    expect(late).toBeGreaterThan(0);
    expect(metrics).toBeGreaterThan(4);
  },
  LIMIT_MS,
);

/** Job numbers by what they do; several of a kind in the order of their tables. */
async function runJobs(...names: readonly string[]): Promise<void> {
  const { rows } = await timescale.pool.query<{ id: number }>(
    `select job_id as id from timescaledb_information.jobs
     where proc_name = any($1) order by array_position($1, proc_name::text), hypertable_name`,
    [names.map((name) => `policy_${name}`)],
  );
  expect(rows.length).toBeGreaterThanOrEqual(names.length);
  for (const { id } of rows) await timescale.pool.query(`call run_job(${id})`);
}

/** As the gateway does at its start. */
async function lookAfter(readingsDays: number): Promise<void> {
  const loop = createObservations({
    ...{ databaseUrl: timescaleUrl, gatewayId: 'g-1', readingsDays, clock: systemClock, logger: silent },
  });
  loop.start();
  await until(() => loop.check().status === 'ok', { timeoutMs: 30_000, what: 'the table to be looked after' });
  expect(loop.check().detail).toBe('timescale');
  await loop.stop();
}

const jobs = async (): Promise<unknown[]> =>
  (
    await timescale.pool.query(
      `select job_id, proc_name, hypertable_name, coalesce(config ->> 'drop_after', config ->> 'start_offset',
         config ->> 'compress_after') as span from timescaledb_information.jobs where hypertable_name is not null order by job_id`,
    )
  ).rows;

/** How many days of readings the plan of a chart over a hundred days looks into. */
async function countDaysRead(nowMs: number): Promise<number> {
  const span = planSpan({ fromMs: nowMs - 100 * DAY_MS, toMs: nowMs + DAY_MS, bucket: '6h' });
  if (typeof span === 'string') throw new Error(span);
  const { rows } = await timescale.pool.query<{ 'QUERY PLAN': string }>(
    `explain ${POINTS_SQL.hours}`,
    pointsValues({ deviceIds: ['watch-z'], residentId: 'zhao', metric: 'spo2' }, span),
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  const { rows: chunks } = await timescale.pool.query<{ name: string }>(
    `select chunk_name as name from timescaledb_information.chunks where hypertable_name = 'observations'`,
  );
  return chunks.filter(({ name }) => new RegExp(`Scan .*on ${name}\\b`).test(plan)).length;
}

test('what TimescaleDB does by itself keeps the hours of readings that are gone, and an erasure reaches all of it', async () => {
  await lookAfter(90);
  const known = await jobs();
  expect(known).toMatchObject([
    { proc_name: 'policy_compression', hypertable_name: 'observations', span: '32 days' },
    { proc_name: 'policy_retention', hypertable_name: 'observations_hour', span: '730 days' },
    { proc_name: 'policy_retention', hypertable_name: 'observations', span: '90 days' },
    { proc_name: 'policy_refresh_continuous_aggregate', hypertable_name: 'observations_hour', span: '89 days' },
  ]);
  await lookAfter(90);
  expect(await jobs()).toEqual(known);

  await register(timescale, ['zhao'], ['watch-z']);
  const nowMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const at = (ageDays: number, plusMs = 0, metric = 'spo2'): Observation => {
    const ts = nowMs - ageDays * DAY_MS + plusMs;
    return { deviceId: 'watch-z', residentId: 'zhao', metric, value: 97, flags: 0, ts, receivedAt: ts };
  };
  const theirs = `where resident_id = 'zhao'`;
  const hoursOf = (ageDays: number) =>
    timescale.count(`observations_hour ${theirs} and bucket = $1 and count > 0`, [new Date(nowMs - ageDays * DAY_MS)]);
  await timescale.store([at(100), at(70), at(40), at(3)]);
  expect(await countDaysRead(nowMs)).toBe(4);
  await timescale.settle(nowMs, nowMs - 101 * DAY_MS);
  // The hours answer, and the day in which the last of them lies.
  expect(await countDaysRead(nowMs)).toBe(1);
  await runJobs('retention', 'compression', 'refresh_continuous_aggregate');
  expect(await timescale.count(`observations ${theirs}`)).toBe(3);
  expect(await Promise.all([100, 70, 40, 3].map(hoursOf))).toEqual([1, 1, 1, 1]);
  const compressed = await timescale.pool.query<{ age: number }>(
    `select (extract(epoch from $1 - range_start) / 86400)::float8 as age from timescaledb_information.chunks
     where hypertable_name = 'observations' and is_compressed order by 1`,
    [new Date(nowMs)],
  );
  expect(compressed.rows.map(({ age }) => age)).toEqual([40, 70]);

  // Late, into a day that is compressed: one that is there, and one that is not.
  expect(await timescale.store([at(40), at(40, 1), at(70, 2)])).toMatchObject({ stored: 2, repeats: 1 });
  await runJobs('refresh_continuous_aggregate');
  const counted = `observations_hour ${theirs} and count = 2`;
  expect(await timescale.count(counted)).toBe(2);

  // More than TimescaleDB unpacks in one transaction, unless it is told to.
  const many = 110_000;
  await timescale.pool.query(
    `insert into observations select 'watch-z', 'zhao', $1::timestamptz + n * interval '700 ms', 'heart-rate', 70, 0, now()
     from generate_series(1, ${many}) as n`,
    [new Date(nowMs - 50 * DAY_MS)],
  );
  expect(await compressBefore(timescale, nowMs - 45 * DAY_MS)).toBe(3);
  const late = Array.from({ length: 200 }, (_, n) => at(50, n * 385_000 + 1, 'heart-rate'));
  expect(await timescale.store(late)).toMatchObject({ stored: late.length });
  expect(await timescale.erase('zhao')).toBe(5 + many + late.length);
  await runJobs('refresh_continuous_aggregate');
  for (const table of ['observations', 'observations_hour'])
    expect(await timescale.count(`${table} ${theirs}`)).toBe(0);
});

test('who keeps readings longer again loses none of the hours whose readings went meanwhile', async () => {
  await lookAfter(90);
  await timescale.pool.query('truncate observations');
  const nowMs = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const ages = [80, 60, 45, 20, 2];
  const stored = ages.map((age): Observation => {
    const ts = nowMs - age * DAY_MS;
    return { deviceId: 'watch-k', residentId: null, metric: 'spo2', value: 97, flags: 0, ts, receivedAt: ts };
  });
  await timescale.store(stored);
  const hours = (): Promise<number> => timescale.count(`observations_hour where device_id = 'watch-k' and count > 0`);
  const span = async (): Promise<unknown> =>
    (await jobs()).find((job) => (job as { proc_name: string }).proc_name.startsWith('policy_refresh'));
  await runJobs('refresh_continuous_aggregate');
  await lookAfter(35);
  await runJobs('retention', 'refresh_continuous_aggregate');
  expect([await timescale.count('observations'), await hours()]).toEqual([2, 5]);
  expect(await span()).toMatchObject({ span: '34 days' });

  await lookAfter(90);
  expect(await span()).toMatchObject({ span: '35 days' });
  await runJobs('retention', 'refresh_continuous_aggregate');
  expect(await hours()).toBe(5);
  // As it is three days later.
  await timescale.pool.query(
    `update settings set value = to_jsonb((value #>> '{}')::timestamptz - interval '3 days') where key = 'readings-gone-before'`,
  );
  await lookAfter(90);
  expect(await span()).toMatchObject({ span: '38 days' });
});
