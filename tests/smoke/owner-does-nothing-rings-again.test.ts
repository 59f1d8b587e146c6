import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import { comeOnDuty } from './world/attendance.ts';
import { hire, type Operator } from './world/operator.ts';
import { pressOnce } from './world/press.ts';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

/** The engine looks four times a second; after so long it has looked. */
const LOOKED_MS = 800;

let time: TimeMachine;
let world: World;
let webhook: Awaited<ReturnType<typeof startReceiver>>;
let helper: Operator;
beforeAll(async () => {
  time = await timeMachine('both');
  webhook = await startReceiver();
  // Whole minutes pass at once: the owner is there all the time, and does nothing.
  const presence = { ZHUJI_PRESENCE_S: '600' };
  const hook = { ZHUJI_WEBHOOK_URL: webhook.url, ZHUJI_WEBHOOK_SECRET: 'shared-with-the-webhook' };
  world = await openWorld({ env: { ...presence, ...hook, ...time.env } });
  const { gateway, admin, operator } = world;
  helper = await hire(gateway, admin, { username: 'helper', roles: ['helper'] });
  await helper.ask('PUT', '/duty', { on: true, sound: true });
  await comeOnDuty(operator);
});

/** Rings of missed deadlines of this case, in order. */
const listRings = (id: string) =>
  world.feed.incidents.filter(
    ({ entry, incident }) =>
      incident.id === id && entry.type === 'rang' && ['deadline', 'overdue'].includes(String(entry.data['reason'])),
  );

/** No ring yet; then time goes by, and one comes at these. More than one may: a Redis that seems away while time jumps is no fault here. */
async function ringsAfter(id: string, ms: number, circle: 'owner' | 'supervisors') {
  await delay(LOOKED_MS);
  const before = listRings(id).length;
  await time.fastForward(ms);
  const find = () =>
    listRings(id)
      .slice(before)
      .find(({ incident }) => incident.circles.includes(circle));
  await world.feed.until(() => find() !== undefined, `a ring at ${circle} after ${before}`, 30_000);
  return find();
}

const toldHelper = (id: string): number =>
  webhook.requests.filter(({ body }) => body.includes(id) && body.includes(helper.user.id)).length;

test('an owner who does nothing is asked after a minute, colleagues half a minute later, then the helper is called', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '杨奶奶' });
  const { incident } = await pressAndSee(feed, device, { type: 'sos' });
  const { id } = incident;
  await operator.act(id, 'claim', {});
  const claimedAt = time.nowMs();
  await time.fastForward(50_000);
  // She presses again: it rings at once, and puts nothing off.
  await pressOnce(device, { type: 'sos', text: 'again' });
  const pressed = await feed.until(
    (item) => item.incident.id === id && item.entry.type === 'joined',
    'the second press',
  );
  expect(pressed.incident).toMatchObject({ ringing: true, owner: { id: operator.user.id } });
  expect(pressed.incident.circles).toEqual(expect.arrayContaining(['owner', 'duty']));
  expect(pressed.incident.next?.step).toBe('ask-colleagues');

  expect(listRings(id)).toEqual([]);
  const chased = await ringsAfter(id, 31_000, 'supervisors');
  expect(chased?.entry.data).toMatchObject({ step: 'ask-colleagues', state: 'claimed' });
  // "No progress since 02:13".
  expect(Number(chased?.entry.data['sinceMs'])).toBeGreaterThan(time.nowMs() - claimedAt - 5_000);
  expect(chased?.incident).toMatchObject({ state: 'claimed', owner: { id: operator.user.id }, forAll: true });
  expect(chased?.incident.circles).toEqual(expect.arrayContaining(['owner', 'operators', 'supervisors']));
  expect(toldHelper(id)).toBe(0);
  await time.fastForward(31_000);
  await until(() => toldHelper(id) > 0, { timeoutMs: 30_000, what: 'the call to the helper' });

  const stepped = await operator.act(id, 'call', { number: '+8657412345678', result: 'no-answer' });
  expect(stepped).toMatchObject({ ringing: false, next: { step: 'ask-owner' } });
});

test('without a press in between the owner alone is asked first, and asking goes on until something is done', async () => {
  const { gateway, operator, feed } = world;
  const { incident } = await pressAndSee(feed, await addDevice(gateway, { name: '秦爷爷' }), { type: 'sos' });
  const { id } = incident;
  await operator.act(id, 'claim', {});
  const asked = await ringsAfter(id, 61_000, 'owner');
  expect(asked?.incident).toMatchObject({ ringing: true, circles: ['owner'], next: { step: 'ask-colleagues' } });
  for (let round = 0; round < 2; round += 1) {
    const chased = await ringsAfter(id, 31_000, 'supervisors');
    expect(chased?.incident.circles).toEqual(expect.arrayContaining(['owner', 'operators', 'supervisors']));
  }
});
