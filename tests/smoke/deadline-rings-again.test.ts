import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { startGateway } from '../harness/gateway.ts';
import type { Credentials } from './world/device.ts';
import type { Feed, FeedItem } from './world/feed.ts';
import { logInAsAdmin } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const HOUR = 3_600_000;
/** The engine looks four times a second; after so long it has looked. */
const LOOKED_MS = 600;

/** What rang because time passed: a deadline, or a further step of the ladder; the first step is the opening. */
function listRings(feed: Feed, incidentId: string): FeedItem[] {
  return feed.incidents.filter(({ entry, incident }) => {
    const step = entry.data['step'] ?? 'duty-operators';
    return incident.id === incidentId && entry.type === 'rang' && step !== 'duty-operators';
  });
}

function untilRings(feed: Feed, incidentId: string, count: number, timeoutMs = 5_000): Promise<FeedItem> {
  return feed.until(() => listRings(feed, incidentId).length >= count, `ring ${count} of the deadline`, timeoutMs);
}

describe('when time has passed', () => {
  let time: TimeMachine;
  let world: World;
  beforeAll(async () => {
    time = await timeMachine('both');
    // Whole minutes pass at once: the operator is there all the time.
    world = await openWorld({ env: { ...time.env, ZHUJI_PRESENCE_S: '600' } });
  });

  async function open(type = 'sos') {
    const { incident } = await pressAndSee(world.feed, await addDevice(world.gateway, { name: '蒋奶奶' }), { type });
    // Time must not jump while the first step is on its way to Redis.
    const isFirst = ({ entry, incident: { id } }: FeedItem) => id === incident.id && entry.data['step'] === 'contacts';
    await world.feed.until(isFirst, 'the first steps');
    await delay(LOOKED_MS);
    return incident;
  }

  async function expectNoRing(incidentId: string): Promise<void> {
    await delay(LOOKED_MS);
    expect(listRings(world.feed, incidentId)).toEqual([]);
  }

  /** As many at least: a Redis that seems away while time jumps may make it one more. The one with this number. */
  async function expectRings(incidentId: string, count: number): Promise<FeedItem | undefined> {
    await untilRings(world.feed, incidentId, count);
    await delay(LOOKED_MS);
    return listRings(world.feed, incidentId)[count - 1];
  }

  test('a case that nobody takes rings again after 15 s, and again, and again', async () => {
    const { id } = await open();
    await time.fastForward(12_000);
    await expectNoRing(id);
    // Each at more people than the one before, then at all of them again.
    for (const [n, step] of ['all-operators', 'supervisors', 'ring-again'].entries()) {
      await time.fastForward(n === 0 ? 3_000 : 15_500);
      const rang = await expectRings(id, n + 1);
      expect(rang?.entry).toMatchObject({ actor: 'system', data: { step } });
      expect(rang?.incident).toMatchObject({ state: 'open', ringing: true, forAll: true });
      const { next, rangAt = '' } = rang?.incident ?? {};
      expect(Date.parse(next?.at ?? '') - Date.parse(rangAt)).toBeLessThanOrEqual(15_000);
    }
  });

  test('a claimed case without a logged step rings at its owner after 60 s; owned is not attended', async () => {
    const { operator } = world;
    const { id } = await open();
    const claimed = await operator.act(id, 'claim', {});
    expect(claimed.next?.step).toBe('ask-owner');
    await time.fastForward(52_000);
    await expectNoRing(id);
    await operator.act(id, 'call', { number: '+8657412345678', result: 'no-answer' });
    await time.fastForward(52_000);
    await expectNoRing(id);
    for (const count of [1, 2]) {
      await time.fastForward(count === 1 ? 8_000 : 61_000);
      const rang = await expectRings(id, count);
      expect(rang?.incident).toMatchObject({ state: 'claimed', owner: { id: operator.user.id }, ringing: true });
    }
  });

  test('looking at it and a repeated claim are no progress', async () => {
    const { operator } = world;
    const { id } = await open();
    await operator.act(id, 'claim', {});
    await time.fastForward(50_000);
    const now = new Date(time.nowMs()).toISOString();
    await operator.act(id, 'seen', { received: now, painted: now });
    await operator.act(id, 'claim', {});
    await operator.detail(id);
    await time.fastForward(11_000);
    await expectRings(id, 1);
  });

  test('priority 2 has four times as long', async () => {
    const { id } = await open('bed-exit');
    await time.fastForward(52_000);
    await expectNoRing(id);
    await time.fastForward(8_000);
    await expectRings(id, 1);
  });

  test('a released case rings at once, one that is closed never more', async () => {
    const { operator } = world;
    const { id } = await open();
    await operator.act(id, 'claim', {});
    expect(await operator.act(id, 'release', {})).toMatchObject({ ringing: true, owner: null });
    await operator.act(id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
    await time.fastForward(120_000);
    await expectNoRing(id);
  });

  // The last here: it kills the gateway.
  test('a deadline that passed while the gateway was dead is made up for at its start', async () => {
    const waiting = await open();
    const claimed = await open();
    await world.operator.act(claimed.id, 'claim', {});
    const { dataDir, redisUrl = '', databaseUrl = '' } = world.gateway;
    await world.gateway.kill9();
    await time.fastForward(30_000);
    const gateway = await startGateway({ dataDir, redisUrl, databaseUrl, env: time.env });
    const admin = await logInAsAdmin(gateway);
    const feed = await admin.listen({ after: '0-0' });
    await untilRings(feed, waiting.id, 1);
    expect(listRings(feed, claimed.id)).toHaveLength(0);
    await time.fastForward(31_000);
    await untilRings(feed, claimed.id, 1);
  });
});

test('whoever sets the machine’s clock moves no deadline: fifteen real seconds, forward or back', async () => {
  const time = await timeMachine('wall');
  const { gateway, feed } = await openWorld({ env: time.env });
  const press = async (device: Credentials) => {
    const { incident } = await pressAndSee(feed, device, '{"type":"sos"}');
    return { id: incident.id, since: performance.now() };
  };
  const ahead = await press(await addDevice(gateway, { name: '沈爷爷' }));
  await time.fastForward(6 * HOUR);
  const back = await press(await addDevice(gateway, { name: '韩奶奶' }));
  await time.fastForward(-8 * HOUR);
  await delay(12_000);
  // No clock can be fooled to test this one.
  for (const { id } of [ahead, back]) expect(listRings(feed, id)).toHaveLength(0);
  for (const { id, since } of [ahead, back]) {
    await untilRings(feed, id, 1, 30_000);
    expect(performance.now() - since).toBeGreaterThan(14_500);
    expect(performance.now() - since).toBeLessThan(29_500);
  }
});
