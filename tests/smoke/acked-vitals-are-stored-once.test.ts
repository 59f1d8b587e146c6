import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, inject, test } from 'vitest';
import { afterwards } from '../harness/cleanup.ts';
import { createDatabase } from '../harness/postgres.ts';
import { compileCacheOf } from '../harness/run-folder.ts';
import { scratchDir } from '../harness/scratch.ts';
import { until } from '../harness/until.ts';
import { openDatabase } from './world/database.ts';

const LANE = fileURLToPath(new URL('./world/vitals-lane.fixture.ts', import.meta.url));
/** In the middle of a COPY thirty times, and now and then just behind its end. */
const LIVES = 40;
/** Of each life. */
const VALUES = 600;

/** Without a unique key, which would hide what was stored twice; and so slow that a COPY is met in its midst. */
const SCHEMA = `
  create table plain_observations (
    device_id text not null, resident_id text, ts timestamptz not null, metric text not null,
    value float8 not null, flags int2 not null, received_at timestamptz not null);
  create table spool_cursor (spool text primary key, position int8 not null);
  create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(0.0002); return new; end';
  create trigger dawdle before insert on plain_observations for each row execute function dawdle()`;

test('what was acknowledged is stored once, however often the gateway is killed in the middle of a COPY', async () => {
  const { databaseUrl } = await createDatabase({ migrated: false });
  const database = await openDatabase(databaseUrl);
  await database.rows(SCHEMA);
  const dataDir = await scratchDir();
  const isCopying = async (): Promise<boolean> => {
    const { length } = await database.rows(
      `select from pg_stat_activity where datname = current_database() and state = 'active' and query like 'copy %'`,
    );
    return length > 0;
  };

  async function live(life: number): Promise<number[]> {
    const child = spawn(process.execPath, [LANE, dataDir, databaseUrl, String(life * VALUES), String(VALUES)], {
      env: { ...process.env, NODE_COMPILE_CACHE: compileCacheOf(inject('runFolder')) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    afterwards(() => void child.kill('SIGKILL'));
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
    const ended = once(child, 'close');
    await until(() => said.split('\n').length > 3 * (life % 5) + 2, {
      timeoutMs: 30_000,
      what: 'some acknowledgements',
    });
    // Another moment each time.
    await until(isCopying, { timeoutMs: 30_000, what: 'a COPY', everyMs: 1 + (life % 4) });
    if (life % 4 === 3) {
      await until(async () => !(await isCopying()), { timeoutMs: 30_000, what: 'the end of a COPY', everyMs: 1 });
    }
    child.kill('SIGKILL');
    await ended;
    return said
      .split('\n')
      .slice(0, -1)
      .filter((line) => line !== 'up')
      .map(Number);
  }

  const acked: number[] = [];
  for (let life = 0; life < LIVES; life += 1) acked.push(...(await live(life)));
  expect(acked.length).toBeGreaterThan(LIVES * 10);

  await database.rows('drop trigger dawdle on plain_observations');
  const last = spawn(process.execPath, [LANE, dataDir, databaseUrl, '0', '0'], { stdio: 'ignore' });
  afterwards(() => void last.kill('SIGKILL'));
  const stored = async (): Promise<number[]> =>
    (await database.rows<{ value: number }>('select value from plain_observations')).map(({ value }) => value);
  await until(
    async () => {
      const found = new Set(await stored());
      return acked.every((value) => found.has(value));
    },
    { timeoutMs: 30_000, what: 'everything that was acknowledged', everyMs: 100 },
  );
  const values = await stored();
  expect(values).toHaveLength(new Set(values).size);
  const cursors = await database.rows('select from spool_cursor');
  expect(cursors).toHaveLength(1);
  last.kill('SIGKILL');
});
