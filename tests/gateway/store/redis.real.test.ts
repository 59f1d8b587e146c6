import { pino } from 'pino';
import { expect, test } from 'vitest';
import { connectRedis, type RedisRole } from '../../../gateway/store/redis.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { openWire } from '../../harness/wire.ts';

/** Each owes its answer for at most three seconds, and connects anew within one; the kernel itself would take minutes. */
const WITHIN_MS = 30_000;
const ROLES: readonly RedisRole[] = ['alarm', 'command', 'dispatch', 'feed', 'outbox'];

test('a connection whose packets a network swallows is dropped and made anew, also one that only waits', async () => {
  const { redisUrl } = await createRedis();
  const wire = await openWire(redisUrl);
  const all = ROLES.map((role) => {
    const redis = connectRedis({ target: wire.url, role, gatewayId: 'test', logger: pino({ level: 'silent' }) });
    afterwards(() => redis.disconnect());
    return redis;
  });
  await until(() => all.every(({ status }) => status === 'ready'), { timeoutMs: WITHIN_MS, what: 'the connections' });
  wire.set('swallowed');
  wire.set('whole');
  await until(
    async () => {
      const answers = await Promise.allSettled(all.map((redis, n) => redis.xadd('s', '*', 'role', String(ROLES[n]))));
      return answers.every(({ status }) => status === 'fulfilled');
    },
    { timeoutMs: WITHIN_MS, what: 'answers on every connection' },
  );
  // A read that waits is not answered by the library itself, as if nothing had come.
  const feed = all[ROLES.indexOf('feed')];
  wire.set('swallowed');
  wire.set('whole');
  await expect(feed?.xread('BLOCK', 1000, 'STREAMS', 's', '$')).rejects.toThrow();
  await until(async () => (await feed?.xread('STREAMS', 's', '0')) !== null, {
    timeoutMs: WITHIN_MS,
    what: 'what lies in the stream',
  });
});
