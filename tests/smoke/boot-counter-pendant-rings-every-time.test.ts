import { beforeAll, expect, test } from 'vitest';
import { addDevice } from './world/register.ts';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

const DAY = 24 * 60 * 60 * 1000;

let time: TimeMachine;
let world: World;
beforeAll(async () => {
  time = await timeMachine('wall');
  world = await openWorld({ env: time.env });
});

type Clock = readonly [name: string, moment: () => number | string, flags: readonly string[]];

/**
 * A pendant without a battery for its clock: it boots for each press, so its counter is 1 and its clock stands at the same
 * moment every time.
 */
const CLOCKS: readonly Clock[] = [
  ['in 1970', () => 0, ['clock']],
  ['in 1970, written out', () => '1970-01-01T00:00:00Z', ['clock']],
  ['in 2000', () => Date.UTC(2000, 0, 1), ['clock']],
  ['years ahead', () => Date.UTC(2099, 0, 1), ['clock']],
  ['before 1970', () => -1, ['clock']],
  ['where no calendar has a day', () => 9e15, ['clock']],
  ['eight minutes ahead', () => time.nowMs() + 480_000, ['clock']],
  ['two days ago', () => time.nowMs() - 2 * DAY, ['late']],
  ['six days and some hours ago', () => time.nowMs() - 6.5 * DAY, ['late']],
  ['just over a week ago', () => time.nowMs() - 7.01 * DAY, ['clock']],
];

test.each(CLOCKS)('a pendant that boots for every press, its clock %s, rings every time', async (_, moment, flags) => {
  const { gateway, feed, operator } = world;
  const device = await addDevice(gateway, { name: '孙爷爷' });
  const press = { type: 'sos', id: '1', at: moment() };
  const first = await pressAndSee(feed, device, press);
  expect(first).toMatchObject({ entry: { type: 'opened' }, incident: { flags, ringing: true, presses: 1 } });
  for (const presses of [2, 3, 4]) {
    // Longer than the five seconds in which the same bytes are one cry.
    await time.fastForward(6_000);
    const again = await pressAndSee(feed, device, press);
    expect(again).toMatchObject({ entry: { type: 'joined' }, incident: { id: first.incident.id, presses } });
    expect(again.incident.ringing).toBe(true);
  }
  await operator.act(first.incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  await time.fastForward(6_000);
  const next = await pressAndSee(feed, device, press);
  expect(next).toMatchObject({ entry: { type: 'opened' }, incident: { ringing: true, presses: 1 } });
});

test('a clock that was wrong once is not believed when it happens to be near', async () => {
  const { gateway, feed } = world;
  const device = await addDevice(gateway, { name: '孙爷爷' });
  await pressAndSee(feed, device, { type: 'sos', id: '1', at: 0 });
  const press = { type: 'sos', id: '2', at: time.nowMs() - 2 * DAY };
  await pressAndSee(feed, device, press);
  await time.fastForward(6_000);
  expect(await pressAndSee(feed, device, press)).toMatchObject({ entry: { type: 'joined' }, incident: { presses: 3 } });
});
