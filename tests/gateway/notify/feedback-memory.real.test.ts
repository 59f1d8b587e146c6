import { expect, test } from 'vitest';
import type { LogPosition } from '../../../gateway/incidents/log/log-position.ts';
import { createFeedbackMemory } from '../../../gateway/notify/feedback-memory.ts';
import { ownRedis } from '../../harness/own-servers.ts';
import { createRedis } from '../../harness/redis.ts';
import { connect } from '../incidents/world.ts';

const feedback = { alarmId: 'A', incidentId: 'inc', stage: 'claimed', at: 1_700_000_000_000, text: 'x' } as const;

test('a position is kept for each gateway, what a device was told for all of them', async () => {
  const redis = await connect((await createRedis()).redisUrl);
  const [one, two] = [createFeedbackMemory(redis, 'g1'), createFeedbackMemory(redis, 'g2')];
  expect(await one.loadPosition()).toBeNull();
  await one.savePosition('5-1' as LogPosition);
  expect([await one.loadPosition(), await two.loadPosition()]).toEqual(['5-1', null]);
  await redis.set('{zj}:feedback:g2', 'garbage');
  expect(await two.loadPosition()).toBeNull();

  await one.noteTold('d1', feedback);
  expect(await two.wasTold('d1', feedback)).toBe(true);
  for (const other of [
    { ...feedback, alarmId: 'B' },
    { ...feedback, stage: 'resolved' as const },
    { ...feedback, at: 1 },
  ]) {
    expect(await two.wasTold('d1', other)).toBe(false);
  }
  expect(await two.wasTold('d2', feedback)).toBe(false);
  const keys = await redis.keys('{zj}:told:*');
  expect(await redis.pttl(keys[0] ?? '')).toBeGreaterThan(14 * 60_000);
});

test('what was told while Redis was away is known here', async () => {
  const server = await ownRedis();
  const memory = createFeedbackMemory(await connect(server.redisUrl), 'g1');
  await server.kill9();
  await expect(memory.noteTold('d1', feedback)).rejects.toMatchObject({ code: 'store-silent' });
  expect(await memory.wasTold('d1', feedback)).toBe(true);
});
