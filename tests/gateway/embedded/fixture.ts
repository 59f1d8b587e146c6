import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../gateway/clock.ts';

export const clock = systemClock;
export const logger = pino({ level: 'silent' });

/** A fresh folder, gone after the test. */
export async function freshDir(parent = tmpdir()): Promise<string> {
  const path = await mkdtemp(join(parent, 'zhuji-embedded-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Stops whatever the test started, in time before its folder goes (hooks run last first). */
export function stopAfterTest<T extends { readonly stop: () => Promise<void> }>(server: T): T {
  onTestFinished(() => server.stop());
  return server;
}

export async function query(databaseUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

export async function withRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}
