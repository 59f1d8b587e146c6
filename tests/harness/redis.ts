import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { systemClock } from '../../gateway/clock.ts';
import { createEmbeddedRedis } from '../../gateway/embedded/redis.ts';
import { freePort } from './free-port.ts';
import { workerDir } from './scratch.ts';

/** Redis' own default; more in one file than these would share. */
const DATABASES = 16;

let server: Promise<string> | undefined;
let next = 0;

/** An empty logical database on the worker's Redis, which fsyncs every write. At most 16 at a time in a test file. */
export async function createRedis(): Promise<{ readonly redisUrl: string }> {
  server ??= startServer();
  const redisUrl = `${await server}/${next}`;
  next = (next + 1) % DATABASES;
  const client = new Redis(redisUrl, { lazyConnect: true });
  await client.connect();
  await client.flushdb();
  client.disconnect();
  return { redisUrl };
}

async function startServer(): Promise<string> {
  const dataDir = workerDir();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const port = await chosenPort(join(dataDir, 'redis.port'));
  await createEmbeddedRedis({ dataDir, logger: pino({ level: 'silent' }), clock: systemClock, port }).start();
  return `redis://127.0.0.1:${port}`;
}

/** The server outlives the test file that started it; the next one must know its port. */
async function chosenPort(path: string): Promise<number> {
  const noted = await readFile(path, 'utf8').catch(() => '');
  if (noted !== '') return Number(noted);
  const port = await freePort();
  await writeFile(path, String(port));
  return port;
}
