import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { createDistrict } from '../../../devices/simulator/district.ts';
import { createVirtualDevice, type VirtualDevice } from '../../../devices/simulator/virtual-device.ts';
import { encodeFeedback } from '../../../protocols/mqtt-json/encode.ts';
import { SECRETS, soon, startWorld, type World } from '../links/mqtt/world.ts';

function virtual(
  world: World,
  deviceId: 'd1' | 'd2',
  modelId = 'generic-one-touch',
  ackTimeoutMs = 10_000,
): VirtualDevice {
  const model = DEVICE_MODELS.find(modelId);
  if (model === undefined) throw new Error('no such model');
  const device = createVirtualDevice({
    mqttUrl: `mqtt://127.0.0.1:${world.port}`,
    deviceId,
    password: SECRETS[deviceId] ?? '',
    model,
    clock: { nowMs: () => 1_700_000_000_000 },
    random: Math.random,
    timing: { reconnectMs: 20, ackTimeoutMs },
  });
  onTestFinished(() => device.disconnect());
  return device;
}

test('a press is acknowledged and arrives with its id and time', async () => {
  const world = await startWorld();
  const device = virtual(world, 'd1');
  await device.connect();
  const pressed = await device.press('fall', { zone: 'bath' });
  expect(world.arrivals[0]).toMatchObject({
    deviceId: 'd1',
    standing: 'verified',
    message: { type: 'fall', id: pressed.id, at: pressed.at, zone: 'bath', faults: [] },
  });
});

test('a press is sent until its PUBACK, always with the same bytes', async () => {
  const world = await startWorld();
  let failures = 3;
  world.door = () => (failures-- > 0 ? Promise.reject(new Error('no disk')) : Promise.resolve());
  const device = virtual(world, 'd1');
  await device.connect();
  await device.press();
  expect(world.arrivals).toHaveLength(4);
  expect(new Set(world.arrivals.map(({ raw }) => Buffer.from(raw).toString())).size).toBe(1);
});

test('a press that gets no answer is sent again over a new connection', async () => {
  const world = await startWorld();
  let isFirst = true;
  world.door = () => {
    if (!isFirst) return Promise.resolve();
    isFirst = false;
    return new Promise(() => undefined);
  };
  const device = virtual(world, 'd1', 'generic-pendant', 200);
  await device.connect();
  await device.press();
  expect(world.arrivals).toHaveLength(2);
  expect(world.arrivals[1]?.message.id).toBe(world.arrivals[0]?.message.id);
});

test('a press while the gateway is away arrives when it is back', async () => {
  const world = await startWorld();
  const device = virtual(world, 'd1');
  await device.connect();
  await world.link.stop();
  const pressed = device.press();
  const again = await startWorld({ port: world.port });
  await pressed;
  expect(again.arrivals).toHaveLength(1);
});

test('feedback is heard, also what came while the device was away', async () => {
  const world = await startWorld();
  const heard: string[] = [];
  const feedback = (stage: 'received' | 'claimed') =>
    encodeFeedback({ alarmId: 'A', incidentId: null, stage, at: 1, text: '已收到' });
  const device = virtual(world, 'd1');
  device.onFeedback(({ stage }) => void heard.push(stage));
  await device.connect();
  await soon(() => world.link.health().sessions === 1, 'the subscription');
  await world.link.publish('d1', 'feedback', feedback('received'));
  await soon(() => heard.length === 1, 'the first');
  await device.disconnect();
  await soon(() => world.link.health().connections === 0, 'it to be away');
  await world.link.publish('d1', 'feedback', feedback('claimed'));
  await device.connect();
  await soon(() => heard.includes('claimed'), 'the second');
});

test('a district beats, measures and presses, and stops whole', async () => {
  const vitals: string[] = [];
  const status: string[] = [];
  const world = await startWorld({
    vitals: { accept: (deviceId) => void vitals.push(deviceId), refuse: () => undefined },
    status: (deviceId) => void status.push(deviceId),
  });
  const district = createDistrict({
    devices: [virtual(world, 'd1', 'generic-wearable'), virtual(world, 'd2', 'generic-home-gateway')],
    random: Math.random,
    logger: pino({ level: 'silent' }),
    pressesPerDeviceHour: 1e9,
    vitalsEveryMs: 50,
    heartbeatEveryMs: 50,
    rampMs: 20,
  });
  district.start();
  district.start();
  await soon(() => vitals.length > 3 && status.length > 6 && district.counts().acknowledged >= 2, 'some of everything');
  expect(new Set(vitals)).toEqual(new Set(['d1']));
  expect(new Set(status)).toEqual(new Set(['d1', 'd2']));
  expect(world.link.health().counters.badPayloads).toBe(0);
  await district.stop();
  await soon(() => world.link.health().connections === 0, 'all to be gone');
});
