import { beforeAll, expect, test } from 'vitest';
import type { DeviceCreated } from '../../gateway/api/contract/registry.ts';
import { addDevice } from './world/register.ts';
import { openWorld, pressAndSee, type World } from './world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});

test.each(['smoke', 'gas', 'co'])('%s asks for 119 until 119 was called, and keeps helpers out', async (type) => {
  const { gateway, operator, feed } = world;
  const { incident } = await pressAndSee(feed, await addDevice(gateway, { name: '秦爷爷' }), { type });
  expect(incident.next?.step).toBe('call-119');
  expect(incident.advice).toEqual(expect.arrayContaining(['call-119-first', 'helpers-do-not-enter']));
  expect(incident.advice.includes('no-bell-no-switch-no-landline')).toBe(type === 'gas');
  expect((await operator.act(incident.id, 'claim', {})).next?.step).toBe('call-119');
  // Something else was done first: it goes on asking.
  expect((await operator.act(incident.id, 'authority', { service: '120', stage: 'called' })).next?.step).toBe(
    'call-119',
  );
  const called = await operator.act(incident.id, 'authority', { service: '119', stage: 'called', ref: '4711' });
  expect(called.authority).toMatchObject({ service: '119', stage: 'called' });
  expect(called.next?.step).not.toBe('call-119');
  const lines = (await operator.detail(incident.id)).log.map(({ type: line }) => line);
  expect(lines.filter((line) => line === 'authority-called')).toHaveLength(2);
});

test('smoke after a pressed key adds its plan and rings at everybody, although somebody has the case', async () => {
  const { gateway, admin, operator, feed } = world;
  const phone = await addDevice(gateway, { name: '秦爷爷' });
  const added = await admin.post<DeviceCreated>('/devices', {
    model: 'generic-home-gateway',
    residentIds: [phone.residentId],
  });
  const { incident } = await pressAndSee(feed, phone, { type: 'sos' });
  const claimed = await operator.act(incident.id, 'claim', {});
  expect(claimed).toMatchObject({ ringing: false, advice: [] });
  expect(claimed.next?.step).not.toBe('call-119');
  const joined = await pressAndSee(feed, { ...added, deviceId: added.id, mqttUrl: phone.mqttUrl }, { type: 'smoke' });
  expect(joined.incident).toMatchObject({
    ...{ id: incident.id, state: 'claimed', owner: { id: operator.user.id }, ringing: true },
    ...{ types: ['sos', 'smoke'], next: { step: 'call-119' } },
  });
  expect(joined.incident.circles).toEqual(expect.arrayContaining(['owner', 'operators', 'supervisors']));
});
