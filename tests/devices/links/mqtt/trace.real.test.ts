import { expect, test } from 'vitest';
import type { TracedFrame } from '../../../../devices/links/ports.ts';
import { SECRETS, soon, startWorld } from './world.ts';

const asD1 = { username: 'd1', password: SECRETS['d1'] ?? '' };

test('alarms and status messages are traced with what they became, vital signs are not', async () => {
  const frames: TracedFrame[] = [];
  const world = await startWorld({ trace: { frame: (frame) => void frames.push(frame) } });
  const client = await world.client(asD1);
  await client.publishAsync('zj/v1/d1/vitals', '{"readings":[{"metric":"spo2","value":97}]}', { qos: 1 });
  await client.publishAsync('zj/v1/d1/status', '{"batteryPct":50}', { qos: 1 });
  await client.publishAsync('zj/v1/d1/alarm', '{"type":"fall"}', { qos: 1 });
  await client.publishAsync('zj/v1/d2/alarm', 'no JSON', { qos: 1 });
  await soon(() => frames.length >= 3, 'three frames');
  expect(frames.map(({ deviceId, meaning, raw }) => [deviceId, meaning, Buffer.from(raw).toString()])).toEqual([
    ['d1', 'status', '{"batteryPct":50}'],
    ['d1', 'alarm fall', '{"type":"fall"}'],
    ['d2', 'alarm unknown, unverified, faults not-json', 'no JSON'],
  ]);
  expect(frames.map(({ isSignOfLife }) => isSignOfLife)).toEqual([true, false, false]);
  expect(frames[0]).toMatchObject({ link: 'mqtt', direction: 'in', eventIds: [] });
  expect(frames[1]?.eventIds).toEqual(['01J00000000000000000000000']);
  expect(frames[1]?.peer).toMatch(/^127\.0\.0\.1:\d+$/u);
});

test('an alarm that nothing kept is traced as such', async () => {
  const frames: TracedFrame[] = [];
  const world = await startWorld({ trace: { frame: (frame) => void frames.push(frame) } });
  world.door = () => Promise.reject(new Error('not durable'));
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send({
    cmd: 'publish',
    topic: 'zj/v1/d1/alarm',
    payload: '{"type":"sos"}',
    qos: 1,
    messageId: 1,
    dup: false,
    retain: false,
  });
  await soon(() => frames.length > 0, 'a frame');
  expect(frames[0]).toMatchObject({ meaning: 'not kept: alarm sos', eventIds: [] });
});

test('a trace that fails costs nobody an answer, and hears of an alarm only when that is under way', async () => {
  const told: number[] = [];
  const world = await startWorld({
    trace: {
      frame: () => {
        told.push(world.arrivals.length);
        throw new Error('the trace is broken');
      },
    },
  });
  const client = await world.client(asD1);
  for (const type of ['sos', 'fall']) await client.publishAsync('zj/v1/d1/alarm', JSON.stringify({ type }), { qos: 1 });
  await client.publishAsync('zj/v1/d1/status', '{}', { qos: 1 });
  await soon(() => told.length === 3, 'three frames');
  expect(world.arrivals.map(({ message }) => message.type)).toEqual(['sos', 'fall']);
  expect(world.logLines.join('')).toContain('listener of the MQTT link failed');
});
