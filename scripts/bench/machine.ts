import { availableParallelism, cpus } from 'node:os';
import { Redis } from 'ioredis';
import type { Machine } from './readme.ts';
import type { Site } from './site.ts';

/** What the table was measured on. */
export async function describeMachine(site: Site | null): Promise<Machine> {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    postgres: site === null ? null : await loadPostgresVersion(site),
    redis: site === null ? null : await loadRedisVersion(site.redisPort),
  };
}

async function loadPostgresVersion(site: Site): Promise<string> {
  const [row] = await site.query<{ server_version: string }>('show server_version');
  return row?.server_version.split(' ')[0] ?? '?';
}

async function loadRedisVersion(port: number): Promise<string> {
  const redis = new Redis(port, '127.0.0.1');
  try {
    const info = await redis.info('server');
    const field = (name: string): string | undefined => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    const valkey = field('valkey_version');
    return valkey === undefined ? `Redis ${field('redis_version') ?? '?'}` : `Valkey ${valkey}`;
  } finally {
    redis.disconnect();
  }
}
