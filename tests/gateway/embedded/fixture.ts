import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { systemClock } from '../../../gateway/clock.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { scratchDir } from '../../harness/scratch.ts';

export const clock = systemClock;
export const logger = pino({ level: 'silent' });

export const freshDir = scratchDir;

/** Stops whatever the test started, before its folder goes. */
export function stopAfterTest<T extends { readonly stop: () => Promise<void> }>(server: T): T {
  afterwards(() => server.stop());
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
