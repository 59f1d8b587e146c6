import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDataLock } from '../../../gateway/embedded/data-lock.ts';
import { createEmbedded } from '../../../gateway/embedded/embedded.ts';
import { clock, freshDir, logger, query, stopAfterTest, withRedis } from './fixture.ts';

const OWNER = join(import.meta.dirname, 'owner.fixture.ts');

test('both servers start, hold what they are given over a stop, and stop twice', async () => {
  const dataDir = join(await freshDir(), 'data');
  const embedded = stopAfterTest(createEmbedded({ dataDir, logger, clock }));
  const urls = await embedded.start();
  expect(await embedded.start()).toEqual(urls);
  await query(urls.databaseUrl ?? '', 'CREATE TABLE kept AS SELECT 1 AS one');
  await withRedis(urls.redisUrl ?? '', (client) => client.set('kept', 'yes'));
  await embedded.stop();
  await embedded.stop();
  expect(await embedded.start()).toEqual(urls);
  expect(await query(urls.databaseUrl ?? '', 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  expect(await withRedis(urls.redisUrl ?? '', (client) => client.get('kept'))).toBe('yes');
});

test('a killed owner leaves its servers running; the next one adopts them, a second one is refused', async () => {
  const dataDir = await freshDir();
  const owner = spawn(process.execPath, [OWNER, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(owner.stdout, 'data')) as [Buffer];
  const told = JSON.parse(line.toString()) as { pid: number; databaseUrl: string };

  const rival = createEmbedded({ dataDir, logger, clock });
  await expect(rival.start()).rejects.toMatchObject({
    code: 'data-in-use',
    message: new RegExp(`process ${told.pid}`),
  });

  owner.kill('SIGKILL');
  await once(owner, 'exit');
  expect(await query(told.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const [{ born } = { born: null }] = (await query(told.databaseUrl, BORN)) as { born: string }[];

  const heir = stopAfterTest(createEmbedded({ dataDir, logger, clock }));
  const urls = await heir.start();
  expect(await query(urls.databaseUrl ?? '', BORN)).toEqual([{ born }]);
});

test('a folder in which a file cannot be written is named, and nothing is left running', async () => {
  const dataDir = await freshDir();
  await mkdir(join(dataDir, 'gateway.pid'));
  const embedded = stopAfterTest(createEmbedded({ dataDir, logger, clock, postgres: false, redis: false }));
  await expect(embedded.start()).rejects.toMatchObject({
    code: 'data-unusable',
    message: expect.stringContaining(dataDir),
  });
  await rmdir(join(dataDir, 'gateway.pid'));
  expect(await embedded.start()).toEqual({ databaseUrl: null, redisUrl: null });
});

test('with both servers elsewhere the folder is held all the same', async () => {
  const dataDir = await freshDir();
  const first = stopAfterTest(createEmbedded({ dataDir, logger, clock, postgres: false, redis: false }));
  expect(await first.start()).toEqual({ databaseUrl: null, redisUrl: null });
  const second = createDataLock(dataDir);
  await expect(second.acquire()).rejects.toMatchObject({ code: 'data-in-use' });
  await first.stop();
  await second.acquire();
  second.release();
});

const BORN = 'SELECT pg_postmaster_start_time()::text AS born';
