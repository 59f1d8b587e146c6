import { Redis } from 'ioredis';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../devices/event.ts';
import { REDIS_KEYS } from '../../gateway/store/keys.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee } from './world/world.ts';

/** Longer than the gateway waits for a blocking read that ought to be answered; then it gives the read up. */
const FROZEN_MS = 4_000;

test('an alarm that Redis handed over while the gateway stood still rings as soon as it goes on', async () => {
  const { gateway, feed } = await openWorld();
  const device = await addDevice(gateway, { name: '秦奶奶' });
  const first = await pressAndSee(feed, device, '{"type":"sos"}');
  const redis = new Redis(gateway.redisUrl ?? '');
  const [newest] = await redis.xrevrange(REDIS_KEYS.alarms, '+', '-', 'COUNT', 1);
  const [field = '', text = ''] = newest?.[1] ?? [];
  const event = JSON.parse(text) as AlarmEvent;

  // As a machine that swaps, or whose disk stands still, does; the press came in at another gateway.
  gateway.freeze();
  await delay(100);
  const press = { ...event, id: `${event.id.slice(0, -1)}${event.id.endsWith('Z') ? 'Y' : 'Z'}`, raw: 'e30=' };
  await redis.xadd(REDIS_KEYS.alarms, '*', field, JSON.stringify({ ...press, receivedAt: Date.now() }));
  redis.disconnect();
  await delay(FROZEN_MS);
  gateway.thaw();

  // Before anybody would take it over from a gateway that is silent (5 s).
  const joined = await feed.until(({ entry }) => entry.type === 'joined', 'the press', 4_500);
  expect(joined.incident).toMatchObject({ id: first.incident.id, presses: 2, ringing: true });
});
