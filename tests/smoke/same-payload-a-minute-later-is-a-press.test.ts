import { beforeAll, expect, test } from 'vitest';
import { timeMachine, type TimeMachine } from './world/time-machine.ts';
import { addDevice } from './world/register.ts';
import { countLines, openWorld, pressAndSee, type World } from './world/world.ts';

const PRESS = '{"type":"sos"}';

let time: TimeMachine;
let world: World;
beforeAll(async () => {
  time = await timeMachine('wall');
  world = await openWorld({ env: time.env });
});

test('the same bytes are a repeat within five seconds and a press a minute later', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '陈阿婆' });

  const first = await pressAndSee(feed, device, PRESS);
  expect(first).toMatchObject({ entry: { type: 'opened' }, incident: { presses: 1 } });
  const again = await pressAndSee(feed, device, PRESS, { dup: true });
  expect(again).toMatchObject({ entry: { type: 'repeated' }, incident: { id: first.incident.id, presses: 1 } });

  for (const presses of [2, 3, 4]) {
    await time.fastForward(60_000);
    const pressed = await pressAndSee(feed, device, PRESS);
    expect(pressed).toMatchObject({ entry: { type: 'joined' }, incident: { id: first.incident.id, presses } });
    expect(pressed.incident.ringing).toBe(true);
  }

  const { opened, joined, repeated } = await countLines(operator, first.incident.id);
  expect({ opened, joined, repeated }).toEqual({ opened: 1, joined: 3, repeated: 1 });
  const cases = (await operator.list('state=all')).items.filter(({ deviceId }) => deviceId === device.deviceId);
  expect(cases).toHaveLength(1);
});

test('a repeat does not push the moment on from which the same bytes are a press', async () => {
  const { gateway, feed } = world;
  const device = await addDevice(gateway, { name: '陈阿婆' });
  await pressAndSee(feed, device, PRESS);
  await time.fastForward(3_000);
  expect(await pressAndSee(feed, device, PRESS)).toMatchObject({ entry: { type: 'repeated' } });
  await time.fastForward(3_000);
  // Six seconds after the press, three after its repeat: somebody who presses every three seconds is heard.
  expect(await pressAndSee(feed, device, PRESS)).toMatchObject({ entry: { type: 'joined' }, incident: { presses: 2 } });
});

test('after the case was closed the same bytes open a new one, which says so', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '陈阿婆' });
  const { incident } = await pressAndSee(feed, device, PRESS);
  await operator.act(incident.id, 'resolve', { outcome: 'no-need', contact: 'spoke-with-person' });

  await time.fastForward(60_000);
  const next = await pressAndSee(feed, device, PRESS);

  expect(next.incident.id).not.toBe(incident.id);
  expect(next).toMatchObject({ entry: { type: 'opened' }, incident: { state: 'open', ringing: true, presses: 1 } });
  expect(next.entry.data).toMatchObject({ again: { incidentId: incident.id, outcome: 'no-need' } });
});
