import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { calcPart, HOURS } from '../../../../gateway/telemetry/observations/days.ts';
import { ensureParts } from '../../../../gateway/telemetry/observations/parts.ts';
import { TABLE_LOCK } from '../../../../gateway/telemetry/observations/table.ts';
import { until } from '../../../harness/until.ts';
import { DAY_MS, HOUR_MS, loadBoth, openClosingWorld, reading, settle } from './closing-world.ts';

test('whatever several gateways write while others close, hours are in the end what the readings say', async () => {
  const row = fc.record({
    /** Minutes before this hour begins: a day and a bit, and what is still open. */
    ago: fc.integer({ min: -30, max: 26 * 60 }),
    deviceId: fc.constantFrom('w-1', 'w-2'),
    residentId: fc.constantFrom('wang', 'li', null),
    metric: fc.constantFrom('spo2', 'heart-rate'),
    flags: fc.constantFrom(0, 0, 2),
  });
  const batches = fc.array(fc.array(row, { minLength: 1, maxLength: 25 }), { minLength: 6, maxLength: 14 });
  /** Hours that are closed one after the other, as time goes on. */
  const turns = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 4, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(batches, { minLength: 3, maxLength: 3 }),
      fc.tuple(turns, turns),
      async (writers, closers) => {
        const world = await openClosingWorld();
        let n = 0;
        const rowsOf = (batch: (typeof writers)[number][number]): Observation[] =>
          batch.map(({ ago, ...rest }) => reading(world.hourMs - ago * 60_000 + (n += 1), n, rest));
        const write = async (list: (typeof writers)[number], name: string): Promise<void> => {
          const store = await world.openWriter(name);
          for (const batch of list) await store(rowsOf(batch));
        };
        const close = async (ago: readonly number[]): Promise<void> => {
          for (const hours of ago.toSorted((a, b) => b - a)) await world.close(world.hourMs - hours * HOUR_MS);
        };
        await Promise.all([...writers.map((list, index) => write(list, `g-${index}`)), ...closers.map(close)]);
        await settle(world);
        const { view, raw } = await loadBoth(world.pool);
        expect(raw.length).toBeGreaterThan(0);
        expect(view).toEqual(raw);
        // They are closed: all but the newest come from the hour table.
        const { rows } = await world.pool.query<{ done: Date }>('select done from observations_mark');
        expect(rows[0]?.done.getTime()).toBeGreaterThanOrEqual(world.hourMs - HOUR_MS);
      },
    ),
    // A smaller example takes longer than it helps: which statement met which is chance.
    { numRuns: 8, endOnFailure: true },
  );
});

test('a late reading of an hour that is just being done again waits for it, and neither is undone', async () => {
  const world = await openClosingWorld();
  const { pool } = world;
  const store = await world.openWriter('g-1');
  const other = await world.openWriter('g-2');
  const lateMs = world.hourMs - 20 * HOUR_MS;
  await store([reading(lateMs, 1)]);
  await world.close(world.hourMs - 3 * HOUR_MS);
  await store([reading(lateMs + 1, 2)]);
  // The closer stands between taking the note of the late hour and saying how far it is.
  const blocker = await pool.connect();
  try {
    await blocker.query('begin; lock table observations_hourly in exclusive mode');
    const closing = world.close();
    const isWaiting = async (query: string) =>
      (await pool.query(`select from pg_stat_activity where wait_event_type = 'Lock' and query ilike $1`, [query]))
        .rowCount === 1;
    await until(() => isWaiting('%observations_hourly%'), { timeoutMs: 30_000, what: 'the closer to stand' });
    const storing = other([reading(lateMs + 2, 3)]);
    await until(() => isWaiting('%observations_dirty%'), { timeoutMs: 30_000, what: 'the writer to wait for it' });
    await blocker.query('rollback');
    await Promise.all([closing, storing]);
  } finally {
    blocker.release();
  }
  expect((await pool.query('select from observations_dirty')).rowCount).toBe(1);
  await settle(world);
  const { view, raw } = await loadBoth(pool);
  expect(view).toEqual(raw);
  expect(raw).toMatchObject([{ count: '3' }]);
});

test('a note of a late hour that was there before a writer came is not taken before that has written', async () => {
  const world = await openClosingWorld();
  const { pool } = world;
  const store = await world.openWriter('g-1');
  const lateMs = world.hourMs - 20 * HOUR_MS;
  await store([reading(lateMs, 1)]);
  await settle(world);
  await store([reading(lateMs + 1, 2)]);
  const [atTheDoor, inFront] = [await pool.connect(), await pool.connect()];
  const untilWaiting = (count: number, what: string) =>
    until(
      async () =>
        (
          await pool.query(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          )
        ).rowCount === count,
      { timeoutMs: 30_000, what },
    );
  try {
    // The closer has said how far it goes, and has not taken any note: it waits to make a part.
    await pool.query(`alter table observations_hourly detach partition ${calcPart(HOURS, lateMs).name}`);
    await atTheDoor.query('begin');
    await atTheDoor.query('select pg_advisory_xact_lock($1)', [TABLE_LOCK]);
    const closing = world.close();
    await untilWaiting(1, 'the closer to wait');
    // A COPY that is held up behind its note.
    await inFront.query('begin; lock table observations in exclusive mode');
    const storing = store([reading(lateMs + 2, 3)]);
    await untilWaiting(2, 'the writer to wait');
    await atTheDoor.query('rollback');
    await closing;
    await inFront.query('rollback');
    await storing;
  } finally {
    atTheDoor.release();
    inFront.release();
  }
  await settle(world);
  const { view, raw } = await loadBoth(pool);
  expect(raw).toMatchObject([{ count: '3' }]);
  expect(view).toEqual(raw);
});

test('a day that gets its first readings while hours are closed on both sides of it is not passed over', async () => {
  const world = await openClosingWorld();
  const { pool } = world;
  const store = await world.openWriter('g-1');
  const dayMs = Math.floor(world.hourMs / DAY_MS) * DAY_MS;
  const ends = [dayMs - 60 * DAY_MS, dayMs - 3 * DAY_MS];
  for (const [n, ms] of ends.entries()) await store([reading(ms, n)]);
  const blocker = await pool.connect();
  try {
    // Made before, so that the closer stands where it fills the first hour.
    await ensureParts(
      blocker,
      HOURS,
      ends.map((ms) => calcPart(HOURS, ms)),
    );
    await blocker.query('begin; lock table observations_hourly in exclusive mode');
    const closing = world.close();
    const isWaiting = async () =>
      (
        await pool.query(
          `select from pg_stat_activity where wait_event_type = 'Lock' and query ilike '%insert into observations_hourly%'`,
        )
      ).rowCount === 1;
    await until(isWaiting, { timeoutMs: 30_000, what: 'the closer to stand' });
    await store([reading(dayMs - 31 * DAY_MS, 3)]);
    await store([reading(dayMs - 90 * DAY_MS + HOUR_MS, 4)]);
    await blocker.query('rollback');
    await closing;
  } finally {
    blocker.release();
  }
  await settle(world);
  const { view, raw } = await loadBoth(pool);
  expect(raw).toHaveLength(4);
  expect(view).toEqual(raw);
});

test('what is being written while hours are closed is waited for, and counted', async () => {
  const world = await openClosingWorld();
  const { pool } = world;
  const store = await world.openWriter('g-1');
  const atMs = world.hourMs - 5 * HOUR_MS;
  await store([reading(atMs, 1)]);
  const blocker = await pool.connect();
  try {
    // A COPY that is held up behind its look at the mark.
    await blocker.query('begin; lock table observations in exclusive mode');
    const storing = store([reading(atMs + 1, 2)]);
    const isWaiting = async (count: number) =>
      (await pool.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .rowCount === count;
    await until(() => isWaiting(1), { timeoutMs: 30_000, what: 'the writer to wait' });
    const closing = world.close();
    await until(() => isWaiting(2), { timeoutMs: 30_000, what: 'the closer to wait for it' });
    await blocker.query('rollback');
    await Promise.all([storing, closing]);
  } finally {
    blocker.release();
  }
  // At once: it was not late.
  expect((await pool.query('select from observations_dirty')).rowCount).toBe(0);
  expect((await loadBoth(pool)).view).toMatchObject([{ count: '2' }]);
});

test('hours of which the readings are gone stay as they were closed', async () => {
  const world = await openClosingWorld();
  const { pool } = world;
  const store = await world.openWriter('g-1');
  const oldMs = world.hourMs - 95 * DAY_MS;
  await store([reading(world.hourMs - 2 * DAY_MS, 1)]);
  await settle(world);
  await pool.query(
    `create table if not exists observations_hourly_kept partition of observations_hourly for values from ('2000-01-01') to ('2000-02-01')`,
  );
  await pool.query(
    `insert into observations_hourly values ('wang', 'w-1', 'spo2', '2000-01-05T00:00Z', 90, 99, 500, 5, null, null, 0, 0)`,
  );
  // As a writer whose clock was wrong would have noted it.
  await pool.query(`insert into observations_dirty values ('w-1', 'spo2', '2000-01-05T00:00Z')`);
  await settle(world);
  expect((await pool.query(`select count from observations_hour where bucket < $1`, [new Date(oldMs)])).rows).toEqual([
    { count: '5' },
  ]);
});
