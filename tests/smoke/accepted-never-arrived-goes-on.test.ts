import { beforeAll, expect, test } from 'vitest';
import { keepAlive } from './world/attendance.ts';
import { hire, type Operator } from './world/operator.ts';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** Minutes pass at once here: claims must not lapse meanwhile, which is another test's. */
const env = { ZHUJI_PRESENCE_S: '600' };
const MINUTE = 60_000;

let time: TimeMachine;
let world: World;
let helper: Operator;
beforeAll(async () => {
  time = await timeMachine('both');
  world = await openWorld({ env: { ...env, ...time.env } });
  helper = await hire(world.gateway, world.admin, { username: 'helper', roles: ['helper'] });
  keepAlive(world.operator);
});

/** A case that the operator has, for which the helper was sent. */
async function send(): Promise<string> {
  const { gateway, operator, feed } = world;
  const { incident } = await pressAndSee(feed, await addDevice(gateway, { name: '何奶奶' }), { type: 'sos' });
  await operator.act(incident.id, 'claim', {});
  await operator.act(incident.id, 'dispatch', { helperId: helper.user.id });
  return incident.id;
}

/** Waits for a ring of a missed deadline with this reason, the `count`-th of this case. */
async function untilRings(id: string, reason: 'deadline' | 'overdue', count = 1) {
  const rings = () =>
    world.feed.incidents.filter(
      ({ entry, incident }) => incident.id === id && entry.type === 'rang' && entry.data['reason'] === reason,
    );
  await world.feed.until(() => rings().length >= count, `ring ${count} (${reason})`, 30_000);
  return rings()[count - 1]?.incident;
}

test('sent and not accepted: the owner is asked after 30 s, colleagues and the supervisor 30 s later', async () => {
  const id = await send();
  expect((await world.operator.detail(id)).next).toMatchObject({ step: 'ask-owner' });
  await time.fastForward(31_000);
  const asked = await untilRings(id, 'deadline');
  expect(asked).toMatchObject({ state: 'dispatched', ringing: true, owner: { id: world.operator.user.id } });
  expect(asked?.circles).toEqual(['owner']);
  expect(asked?.next?.step).toBe('ask-colleagues');
  await time.fastForward(31_000);
  const chased = await untilRings(id, 'overdue');
  expect(chased?.circles).toEqual(expect.arrayContaining(['owner', 'operators', 'supervisors']));
  expect(chased).toMatchObject({ forAll: true, state: 'dispatched' });
});

test('accepted and never there: five minutes after the promised time the owner is asked, then colleagues, again and again', async () => {
  const id = await send();
  const accepted = await helper.act(id, 'accept', { minutes: 4 });
  expect(accepted).toMatchObject({ state: 'accepted', helper: { id: helper.user.id }, ringing: false });
  const promised = Date.parse(accepted.promisedAt ?? '');
  expect(promised - time.nowMs()).toBeGreaterThan(3.9 * MINUTE);
  expect(promised - time.nowMs()).toBeLessThan(4.1 * MINUTE);
  expect(Date.parse(accepted.next?.at ?? '') - promised).toBe(5 * MINUTE);

  await time.fastForward(8 * MINUTE);
  expect(await world.operator.detail(id)).toMatchObject({ state: 'accepted', ringing: false });
  await time.fastForward(MINUTE + 1000);
  expect(await untilRings(id, 'deadline')).toMatchObject({ state: 'accepted', ringing: true, circles: ['owner'] });
  for (const count of [1, 2]) {
    await time.fastForward(31_000);
    const chased = await untilRings(id, 'overdue', count);
    expect(chased?.circles).toEqual(expect.arrayContaining(['owner', 'operators', 'supervisors']));
  }
  // Whoever does something about it begins the next deadline.
  const stepped = await world.operator.act(id, 'call', { number: '+8657412345678', result: 'no-answer' });
  expect(stepped).toMatchObject({ ringing: false, next: { step: 'ask-owner' } });
});

test('a helper who declines is no help: the owner is asked at once', async () => {
  const id = await send();
  const declined = await helper.act(id, 'decline', { reason: '我在医院' });
  expect(declined).toMatchObject({ state: 'claimed', helper: null, ringing: true });
  expect((await world.operator.detail(id)).log.map(({ type }) => type)).toContain('decline');
});
