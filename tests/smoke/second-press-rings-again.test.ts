import { beforeAll, expect, test } from 'vitest';
import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import { addDevice } from './world/register.ts';
import { countLines, openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

/** A press that no other is a repeat of. */
let counter = 0;
function press(type = 'sos') {
  counter += 1;
  return { type, id: String(counter), at: Date.now() };
}

test('on an open case it is counted, told by the feed and rings', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  const first = await pressAndSee(feed, device, press());
  const second = await pressAndSee(feed, device, press());

  const { id, version, rangAt } = first.incident;
  expect(second).toMatchObject({
    entry: { type: 'joined' },
    incident: { id, presses: 2, ringing: true, state: 'open' },
  });
  expect(second.incident.version).toBeGreaterThan(version);
  expect(Date.parse(second.incident.rangAt)).toBeGreaterThan(Date.parse(rangAt));
  const rang = await feed.until(
    ({ entry, incident }) => entry.type === 'rang' && incident.version === second.incident.version,
    'the ring of the second press',
  );
  expect(rang.entry.data).toMatchObject({ reason: 'pressed-again' });
  expect(await countLines(operator, id)).toMatchObject({ opened: 1, joined: 1, received: 2 });
  const { alarms, log } = await operator.detail(id);
  expect(alarms).toHaveLength(2);
  // Beside them those of the ladder's steps.
  const rings = log.filter(({ type, data }) => type === 'rang' && data['reason'] !== 'step');
  expect(rings.map(({ data }) => data['reason'])).toEqual(['opened', 'pressed-again']);
});

test('on a claimed case it rings at its owner, who keeps it; the next step quiets it', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  const { incident } = await pressAndSee(feed, device, press());
  const claimed = await operator.act(incident.id, 'claim', {});
  expect(claimed).toMatchObject({ state: 'claimed', ringing: false });

  const owner = { id: operator.user.id };
  for (const presses of [2, 3]) {
    const again = await pressAndSee(feed, device, press());
    expect(again.incident).toMatchObject({ id: incident.id, state: 'claimed', owner, presses, ringing: true });
    const stepped = await operator.act(incident.id, 'note', { text: '听到了' });
    expect(stepped).toMatchObject({ state: 'claimed', owner, presses, ringing: false });
  }
});

test('a claim that is repeated does not quiet a second press', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  const { incident } = await pressAndSee(feed, device, press());
  await operator.act(incident.id, 'claim', {});
  await pressAndSee(feed, device, press());
  expect(await operator.act(incident.id, 'claim', {})).toMatchObject({ ringing: true, presses: 2 });
});

test('another device of the same person and another key join and ring', async () => {
  const { gateway, admin, operator, feed } = world;
  const phone = await addDevice(gateway, { name: '周婆婆' });
  const added = await admin.post<DeviceCreated>('/devices', {
    model: 'generic-wearable',
    residentIds: [phone.residentId],
  });
  const watch = { ...added, deviceId: added.id, mqttUrl: phone.mqttUrl };
  const first = await pressAndSee(feed, phone, press());
  await operator.act(first.incident.id, 'claim', {});
  for (const [presses, type] of [
    [2, 'fall'],
    [3, 'smoke'],
    [4, 'panic'],
  ] as const) {
    const again = await pressAndSee(feed, watch, press(type));
    expect(again.incident).toMatchObject({ id: first.incident.id, presses, ringing: true, state: 'claimed' });
  }
});

test('it makes a case more urgent, never less', async () => {
  const { gateway, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  const low = await pressAndSee(feed, device, press('bed-exit'));
  expect(low.incident).toMatchObject({ priority: 2, type: 'bed-exit' });
  const high = await pressAndSee(feed, device, press('sos'));
  expect(high.incident).toMatchObject({ id: low.incident.id, priority: 1, type: 'sos', ringing: true });
  const later = await pressAndSee(feed, device, press('bed-exit'));
  expect(later.incident).toMatchObject({ id: low.incident.id, priority: 1, type: 'sos', presses: 3, ringing: true });
});

test('a service request, a flat battery and a test neither join it nor hide it', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  const { incident } = await pressAndSee(feed, device, press());
  const service = await pressAndSee(feed, device, press('service'));
  const battery = await pressAndSee(feed, device, press('low-battery'));
  expect(new Set([incident.id, service.incident.id, battery.incident.id]).size).toBe(3);
  const again = await pressAndSee(feed, device, press());
  expect(again.incident).toMatchObject({ id: incident.id, presses: 2, ringing: true });
  expect(await operator.detail(incident.id)).toMatchObject({ type: 'sos', priority: 1, presses: 2 });
});

test('a case cannot be closed over the head of a press that came in meanwhile: one of both sees the other', async () => {
  const { gateway, operator, feed } = world;
  const device = await addDevice(gateway, { name: '周婆婆' });
  for (let round = 0; round < 10; round += 1) {
    const { incident } = await pressAndSee(feed, device, press());
    const closing = operator.tryTo(incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
    const [closed, pressed] = await Promise.all([closing, pressAndSee(feed, device, press())]);
    if (closed.status === 200 && pressed.incident.id === incident.id) {
      // Pressed first, and heard of before the closing came in.
      expect(pressed.incident.ringing).toBe(true);
      continue;
    }
    if (closed.status === 200) {
      // Closed first: the press opened a case of its own, which rings.
      expect(pressed.incident).toMatchObject({ state: 'open', ringing: true, presses: 1 });
    } else {
      expect(closed).toMatchObject({ status: 409, body: { code: 'wrong-state' } });
      expect(pressed.incident).toMatchObject({ id: incident.id, ringing: true });
    }
    await operator.act(pressed.incident.id, 'resolve', { outcome: 'helped', contact: 'spoke-with-person' });
  }
});
