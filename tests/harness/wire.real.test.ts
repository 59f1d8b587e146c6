import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { afterwards } from './cleanup.ts';
import { createRedis } from './redis.ts';
import { until } from './until.ts';
import { openWire } from './wire.ts';

function talkTo(url: string): Redis {
  const client = new Redis(url, {
    commandTimeout: 300,
    connectTimeout: 300,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  client.on('error', () => undefined);
  afterwards(() => client.disconnect());
  return client;
}

test('a line is whole, is cut for those on it and those who come, and is whole again; the server notices nothing', async () => {
  const { redisUrl } = await createRedis();
  const wire = await openWire(redisUrl);
  const [near, direct] = [talkTo(wire.url), talkTo(redisUrl)];
  await near.set('said', 'over the line');
  expect(await direct.get('said')).toBe('over the line');
  wire.set('cut');
  await until(() => near.status === 'end', { timeoutMs: 30_000, what: 'the end of the connection' });
  await expect(talkTo(wire.url).get('said')).rejects.toThrow();
  expect(await direct.get('said')).toBe('over the line');
  wire.set('whole');
  expect(await talkTo(wire.url).get('said')).toBe('over the line');
});

test('what a stalled line was given arrives when it goes on', async () => {
  const { redisUrl } = await createRedis();
  const wire = await openWire(redisUrl);
  const [near, direct] = [talkTo(wire.url), talkTo(redisUrl)];
  await near.ping();
  wire.set('stalled');
  await expect(near.set('late', 'but here')).rejects.toThrow('timed out');
  expect(await direct.get('late')).toBeNull();
  wire.set('whole');
  await until(async () => (await direct.get('late')) === 'but here', { timeoutMs: 30_000, what: 'what was stalled' });
});

test('a swallowed connection is dead for ever and nobody is told; one made later is whole', async () => {
  const { redisUrl } = await createRedis();
  const wire = await openWire(redisUrl);
  const [near, direct] = [talkTo(wire.url), talkTo(redisUrl)];
  await near.ping();
  wire.set('swallowed');
  await expect(near.set('lost', 'for good')).rejects.toThrow('timed out');
  await expect(talkTo(wire.url).ping()).rejects.toThrow();
  wire.set('whole');
  await delay(200);
  expect(await direct.get('lost')).toBeNull();
  expect(near.status).toBe('ready');
  await expect(near.ping()).rejects.toThrow('timed out');
  expect(await talkTo(wire.url).ping()).toBe('PONG');
});
