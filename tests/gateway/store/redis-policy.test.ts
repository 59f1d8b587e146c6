import { expect, test } from 'vitest';
import { cleanTarget } from '../../../gateway/store/redis.ts';
import {
  checkPolicy,
  REQUIRED_SETTINGS,
  UNKNOWN_POLICY,
  type PolicyRedis,
} from '../../../gateway/store/redis-policy.ts';

const INFO = {
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  aof_rewrite_in_progress: '0',
  aof_rewrite_scheduled: '0',
};

function redisWith(settings: Record<string, string> = {}, info: Record<string, string> = {}): PolicyRedis {
  const all: Record<string, string> = { ...REQUIRED_SETTINGS, ...settings };
  const lines = Object.entries({ ...INFO, ...info }).map(([name, value]) => `${name}:${value}`);
  return {
    config: (_, name) => Promise.resolve(name in all ? [name, all[name]] : []),
    info: () => Promise.resolve(['# Persistence', ...lines, ''].join('\r\n')),
  };
}

test('a redis with every required setting is proven', async () => {
  expect(await checkPolicy(redisWith(), UNKNOWN_POLICY)).toEqual({ isProven: true, reasons: [] });
});

test.each([
  ['appendonly', 'no'],
  ['appendfsync', 'everysec'],
  ['no-appendfsync-on-rewrite', 'yes'],
  ['maxmemory-policy', 'allkeys-lru'],
])('%s %s is not proven, and the reason says so', async (name, value) => {
  const policy = await checkPolicy(redisWith({ [name]: value }), { isProven: true, reasons: [] });
  expect(policy.isProven).toBe(false);
  expect(policy.reasons.join()).toContain(`${name} is ${value}`);
});

test('a server that does not let its settings be read is not proven', async () => {
  const refuse = (): Promise<never> => Promise.reject(new Error("NOPERM User has no permissions to run 'config'"));
  expect((await checkPolicy({ ...redisWith(), config: refuse }, UNKNOWN_POLICY)).reasons).toHaveLength(4);
  expect((await checkPolicy({ ...redisWith(), info: refuse }, UNKNOWN_POLICY)).isProven).toBe(false);
});

test('a setting that the server does not know is not proven', async () => {
  const config = (): Promise<unknown> => Promise.resolve([]);
  expect((await checkPolicy({ ...redisWith(), config }, UNKNOWN_POLICY)).isProven).toBe(false);
});

test('a failed write of the append-only file ends the proof', async () => {
  const redis = redisWith({}, { aof_last_write_status: 'err' });
  expect((await checkPolicy(redis, { isProven: true, reasons: [] })).isProven).toBe(false);
});

test('a rewrite under way keeps from believing, but does not end a belief', async () => {
  const redis = redisWith({}, { aof_rewrite_in_progress: '1' });
  expect((await checkPolicy(redis, UNKNOWN_POLICY)).isProven).toBe(false);
  expect((await checkPolicy(redis, { isProven: true, reasons: [] })).isProven).toBe(true);
});

test('the query of a redis address cannot switch on a queue or a resend', () => {
  expect(cleanTarget('redis://u:p@h:1/2?enableOfflineQueue=true&family=6')).toBe('redis://u:p@h:1/2?family=6');
  expect(cleanTarget('/run/redis.sock?db=3&autoResendUnfulfilledCommands=1')).toBe('/run/redis.sock?db=3');
  expect(cleanTarget('/run/redis.sock')).toBe('/run/redis.sock');
});
