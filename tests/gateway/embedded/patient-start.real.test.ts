import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEmbedded } from '../../../gateway/embedded/embedded.ts';
import { until } from '../../harness/until.ts';
import { clock, freshDir, logger, stopAfterTest, withRedis } from './fixture.ts';

test('a Redis whose log is damaged ends nothing: its address is told, and it is there once its log is mended', async () => {
  const dataDir = await freshDir();
  const log = join(dataDir, 'redis', 'appendonlydir');
  await mkdir(log, { recursive: true });
  await writeFile(join(log, 'appendonly.aof.manifest'), 'this is no manifest\n');
  const embedded = stopAfterTest(createEmbedded({ dataDir, logger, clock, postgres: false }));
  const { redisUrl } = await embedded.start();
  expect(redisUrl).toMatch(/redis\.sock$/);
  expect(embedded.isUp().redis).toBe(false);
  expect(await readdir(log)).toEqual(['appendonly.aof.manifest']);

  await rm(log, { recursive: true });
  await until(() => embedded.isUp().redis, { timeoutMs: 30_000, what: 'Redis to be tried again' });
  expect(await withRedis(redisUrl ?? '', (client) => client.set('kept', 'yes'))).toBe('OK');
});

test('a stop while it is tried again comes to its end', async () => {
  const dataDir = await freshDir();
  await mkdir(join(dataDir, 'redis', 'appendonlydir'), { recursive: true });
  await writeFile(join(dataDir, 'redis', 'appendonlydir', 'appendonly.aof.manifest'), 'this is no manifest\n');
  const embedded = createEmbedded({ dataDir, logger, clock, postgres: false });
  await embedded.start();
  await embedded.stop();
  expect(embedded.isUp().redis).toBe(false);
});
