import { errorCode } from '../errors.ts';

/**
 * What Redis must be set to so that its answer means "on disk". Without `no-appendfsync-on-rewrite no` it skips the fsync
 * while it rewrites its file; without `noeviction` it may drop what it acknowledged.
 */
export const REQUIRED_SETTINGS = {
  appendonly: 'yes',
  appendfsync: 'always',
  'no-appendfsync-on-rewrite': 'no',
  'maxmemory-policy': 'noeviction',
} as const;

export type RedisPolicy = {
  /** Whether an answer of this server is proof that the data is on disk. */
  readonly isProven: boolean;
  /** Empty when proven; else what is wrong or could not be verified. Setting names and codes only. */
  readonly reasons: readonly string[];
};

export const UNKNOWN_POLICY: RedisPolicy = { isProven: false, reasons: ['not checked yet'] };

/** What the check needs of a connection; it should be the one whose answers it vouches for. */
export type PolicyRedis = {
  readonly config: (get: 'GET', name: string) => Promise<unknown>;
  readonly info: (section: string) => Promise<string>;
};

/** Never rejects: what cannot be verified is a reason. */
export async function checkPolicy(redis: PolicyRedis, previous: RedisPolicy): Promise<RedisPolicy> {
  const names = Object.keys(REQUIRED_SETTINGS) as (keyof typeof REQUIRED_SETTINGS)[];
  const [info, ...settings] = await Promise.all([
    redis.info('persistence').catch((error: unknown) => error),
    ...names.map((name) => redis.config('GET', name).catch((error: unknown) => error)),
  ]);
  const reasons = names.flatMap((name, index) => judgeSetting(name, settings[index]));
  reasons.push(...judgePersistence(info, previous.isProven));
  return { isProven: reasons.length === 0, reasons };
}

function judgeSetting(name: keyof typeof REQUIRED_SETTINGS, answer: unknown): string[] {
  if (answer instanceof Error) return [`${name} could not be read (${errorCode(answer)})`];
  const value: unknown = Array.isArray(answer) ? answer[1] : undefined;
  if (typeof value !== 'string') return [`${name} is not told`];
  const wanted = REQUIRED_SETTINGS[name];
  return value === wanted ? [] : [`${name} is ${value.slice(0, 20)}, must be ${wanted}`];
}

/**
 * An append-only file that was switched on while the server ran counts only once its first rewrite is done, and that looks
 * like any other rewrite: so one under way keeps us from believing, but does not end a belief that we have.
 */
function judgePersistence(info: unknown, wasProven: boolean): string[] {
  if (typeof info !== 'string') return ['INFO persistence could not be read'];
  const fields = new Map(info.split('\r\n').map((line) => [line.split(':')[0] ?? '', line.split(':')[1] ?? '']));
  const reasons: string[] = [];
  if (fields.get('aof_enabled') !== '1') reasons.push('append-only file is not on');
  if (fields.get('aof_last_write_status') !== 'ok') reasons.push('last write of the append-only file failed');
  const isRewriting = fields.get('aof_rewrite_in_progress') !== '0' || fields.get('aof_rewrite_scheduled') !== '0';
  if (isRewriting && !wasProven) reasons.push('append-only file is being rewritten');
  return reasons;
}
