import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findRedisBinary } from '../../../gateway/embedded/redis-binary.ts';
import { createEmbeddedRedis } from '../../../gateway/embedded/redis.ts';
import { until } from '../../harness/until.ts';
import { clock, freshDir, logger, stopAfterTest, withRedis } from './fixture.ts';

test('it starts with the settings that make it durable and keeps the data over a kill', async () => {
  const server = stopAfterTest(createEmbeddedRedis({ dataDir: await freshDir(), logger, clock }));
  const url = await server.start();
  const settings = await withRedis(url, async (client) => {
    await client.set('kept', 'yes');
    return client.config('GET', 'appendfsync');
  });
  expect(settings).toEqual(['appendfsync', 'always']);
  const killed = server.pid() ?? 0;
  process.kill(killed, 'SIGKILL');
  await until(() => server.isUp() && server.pid() !== killed, { timeoutMs: 30_000, what: 'a new server' });
  expect(await withRedis(url, (client) => client.get('kept'))).toBe('yes');
});

test('a server that is still running is adopted; a frozen one is replaced and loses nothing', async () => {
  const dataDir = await freshDir();
  const before = createEmbeddedRedis({ dataDir, logger, clock });
  const url = await before.start();
  await withRedis(url, (client) => client.set('kept', 'yes'));
  const after = stopAfterTest(createEmbeddedRedis({ dataDir, logger, clock }));
  await after.start();
  expect(after.pid()).toBe(before.pid());
  const frozen = before.pid() ?? 0;
  process.kill(frozen, 'SIGSTOP');
  const third = stopAfterTest(createEmbeddedRedis({ dataDir, logger, clock }));
  await Promise.all([after.stop(), before.stop()]);
  await third.start();
  expect(third.pid()).not.toBe(frozen);
  expect(await withRedis(url, (client) => client.get('kept'))).toBe('yes');
});

test('folders with spaces, quotes and Chinese names, longer than a socket path may be', async () => {
  const dataDir = join(await freshDir(), '数 据'.repeat(12), `it's "here"`, 'y'.repeat(50));
  const server = stopAfterTest(createEmbeddedRedis({ dataDir, logger, clock }));
  expect(await withRedis(await server.start(), (client) => client.ping())).toBe('PONG');
});

test('without any server on the PATH the message says what to install', async () => {
  await expect(findRedisBinary(await freshDir())).rejects.toMatchObject({
    code: 'redis-not-found',
    message: /redis-tools/,
  });
});

test('the checker of the tools package, called by the name of the server, is the server', async () => {
  const found = await findRedisBinary();
  const folder = join(await freshDir(), 'bin');
  await mkdir(folder);
  await symlink(found.exe, join(folder, 'redis-check-rdb'));
  expect(await findRedisBinary(folder)).toMatchObject({ argv0: 'redis-server', exe: found.exe });
});
