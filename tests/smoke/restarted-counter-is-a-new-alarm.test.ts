import { beforeAll, expect, test } from 'vitest';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const SECOND = 1000;

let time: TimeMachine;
let world: World;
beforeAll(async () => {
  time = await timeMachine('wall');
  world = await openWorld({ env: time.env });
});

test('a counter that begins again at 1 with another time is a press each time', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '赵奶奶' });
  const bootedAt = time.nowMs() - 60 * SECOND;
  const first = await pressAndSee(feed, device, { type: 'sos', id: '1', at: bootedAt });
  expect(first).toMatchObject({ entry: { type: 'opened' }, incident: { presses: 1 } });
  const second = await pressAndSee(feed, device, { type: 'sos', id: '2', at: bootedAt + 5 * SECOND });
  expect(second).toMatchObject({ entry: { type: 'joined' }, incident: { presses: 2 } });

  // The battery was changed: the counter is back, the clock (set by the network) is right.
  for (const [id, later, presses] of [
    ['1', 30, 3],
    ['2', 31, 4],
    ['1', 50, 5],
  ] as const) {
    const pressed = await pressAndSee(feed, device, { type: 'sos', id, at: bootedAt + later * SECOND });
    expect(pressed).toMatchObject({ entry: { type: 'joined' }, incident: { id: first.incident.id, presses } });
    expect(pressed.incident.ringing).toBe(true);
  }
  const { log } = await operator.detail(first.incident.id);
  expect(log.filter(({ type }) => type === 'repeated')).toEqual([]);
  // Beside these the steps of its policy ring.
  const ofPresses = log.filter(({ data }) => data['reason'] === 'opened' || data['reason'] === 'pressed-again');
  expect(ofPresses).toHaveLength(5);
});

test('a restarted counter opens a new case when the earlier one is closed', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '赵奶奶' });
  const at = time.nowMs() - 60 * SECOND;
  const first = await pressAndSee(feed, device, { type: 'sos', id: '1', at });
  await operator.act(first.incident.id, 'resolve', { outcome: 'no-need', contact: 'spoke-with-person' });
  const next = await pressAndSee(feed, device, { type: 'sos', id: '1', at: at + 40 * SECOND });
  expect(next).toMatchObject({ entry: { type: 'opened' }, incident: { state: 'open', ringing: true, presses: 1 } });
  expect(next.incident.id).not.toBe(first.incident.id);
});

test('a counter without a time says nothing about another day: only the same bytes within five seconds repeat', async () => {
  const { gateway, feed } = world;
  const device = await addDevice(gateway, { name: '赵奶奶' });
  const press = { type: 'sos', id: '1' };
  await pressAndSee(feed, device, press);
  expect(await pressAndSee(feed, device, press, { dup: true })).toMatchObject({ entry: { type: 'repeated' } });
  await time.fastForward(6 * SECOND);
  const after = await pressAndSee(feed, device, press);
  expect(after).toMatchObject({ entry: { type: 'joined' }, incident: { presses: 2, ringing: true } });
});

test('the same number and time for another key of the device is a press', async () => {
  const { gateway, feed } = world;
  const device = await addDevice(gateway, { name: '赵奶奶' });
  const at = time.nowMs();
  await pressAndSee(feed, device, { type: 'sos', id: '1', at });
  const fall = await pressAndSee(feed, device, { type: 'fall', id: '1', at });
  expect(fall).toMatchObject({ entry: { type: 'joined' }, incident: { presses: 2, ringing: true } });
});
