import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { publishPacket, SECRETS, soon, startWorld, type World } from './world.ts';

const run = promisify(execFile);

function marks(world: World) {
  return world.arrivals.map(({ deviceId, standing, source }) => [deviceId, standing, source.publisher ?? null]);
}

test.each([
  ['a right secret', 'd1', SECRETS['d1'], 'd1', 'verified', null],
  ['a wrong secret', 'd1', 'wrong', 'd1', 'unverified', null],
  ['no secret', 'd1', undefined, 'd1', 'unverified', null],
  ['a name that nobody knows', 'stranger', 'x', 'stranger', 'unregistered', null],
  ['a name whose service ended', 'retired-1', 'x', 'retired-1', 'retired', null],
  ['no name, about a device that is known', undefined, undefined, 'd1', 'unverified', null],
  ['no name, about a device that is not', undefined, undefined, 'ghost', 'unregistered', null],
  ['an empty name', '', undefined, 'ghost', 'unregistered', null],
  ['a verified device about another', 'd1', SECRETS['d1'], 'd2', 'unverified', 'd1'],
  ['a stranger about a device that is known', 'stranger', 'x', 'd1', 'unverified', 'stranger'],
  ['a name that is no id, about itself', '老王 "; --', 'x', '老王 "; --', 'unregistered', null],
] as const)(
  '%s is connected, its alarm is acknowledged and marked',
  async (_, username, password, about, standing, publisher) => {
    const world = await startWorld();
    const raw = await world.raw();
    await raw.connectAs(username, password);
    raw.send(publishPacket(`zj/v1/${about}/alarm`, '{"type":"sos"}'));
    await raw.next('puback');
    const [mark] = marks(world);
    expect(mark?.slice(1)).toEqual([standing, publisher]);
    if (about.includes('老')) expect(mark?.[0]).toMatch(/^invalid\.[0-9a-f]{16}$/);
    else expect(mark?.[0]).toBe(about);
  },
);

test('CONNACK is 0 for anyone', async () => {
  const world = await startWorld();
  for (const [username, password] of [
    ['d1', 'wrong'],
    ['nobody', 'x'],
    [undefined, undefined],
    ['💥'.repeat(3000), 'x'],
  ] as const) {
    const raw = await world.raw();
    raw.send({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: 'c',
      ...(username === undefined ? {} : { username, password: Buffer.from(password) }),
    });
    expect(await raw.next('connack')).toMatchObject({ returnCode: 0 });
  }
});

test('in quarantine everything but an alarm is acknowledged, dropped and counted', async () => {
  let heard = 0;
  const world = await startWorld({
    vitals: { accept: () => void (heard += 1), refuse: () => undefined },
    status: () => void (heard += 1),
  });
  const raw = await world.raw();
  await raw.connectAs('d1', 'wrong');
  const topics = ['zj/v1/d1/vitals', 'zj/v1/d1/status', 'zj/v1/d1/feedback', 'zj/v1/d2/status', 'elsewhere', '$SYS/x'];
  raw.send(...topics.map((topic, i) => publishPacket(topic, '{}', 1, i + 1)));
  await soon(() => raw.received.length === topics.length, 'every acknowledgement');
  expect(world.link.health().counters.dropped).toBe(topics.length);
  expect(world.contacts.filter((line) => line === 'dropped d1 quarantined')).toHaveLength(topics.length);
  expect(heard).toBe(0);
  expect(world.arrivals).toEqual([]);
});

test('a verified device speaks for itself: what it says of others but alarms is acknowledged, dropped and counted', async () => {
  const told: string[] = [];
  const world = await startWorld({
    vitals: {
      accept: (deviceId, readings, _receivedAt, whenDone) => {
        told.push(`${deviceId} ${readings.length}`);
        whenDone();
      },
      refuse: () => undefined,
    },
    status: (deviceId, { batteryPct }) => void told.push(`${deviceId} ${batteryPct}`),
  });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(
    publishPacket('zj/v1/d1/vitals', '{"readings":[{"metric":"spo2","value":97}]}', 1, 1),
    publishPacket('zj/v1/d1/status', '{"batteryPct":50}', 1, 2),
    publishPacket('zj/v1/d2/status', '{"batteryPct":1}', 1, 3),
    publishPacket('zj/v1/d1/feedback', '{}', 1, 4),
    publishPacket('zj/v1/d1/command', '{}', 1, 5),
    publishPacket('else', '{}', 1, 6),
  );
  await soon(() => raw.received.length === 6, 'every acknowledgement');
  expect(told.toSorted()).toEqual(['d1 1', 'd1 50']);
  expect(world.contacts.filter((line) => line.startsWith('dropped'))).toEqual([
    'dropped d1 foreign-topic',
    'dropped d1 down-topic',
    'dropped d1 down-topic',
    'dropped d1 unknown-topic',
  ]);
  expect(world.contacts).toContain('heard d1 verified');
});

test('garbage on vitals and status is acknowledged, counted and logged without its content', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  const garbage = ['', 'Wang Xiulan', '"Wang"', '[]', '\ud800', '{"a":'.repeat(5000), Buffer.from([0xff, 0, 0xfe])];
  let id = 0;
  for (const subtopic of ['vitals', 'status']) {
    for (const payload of garbage) raw.send(publishPacket(`zj/v1/d1/${subtopic}`, payload, 1, ++id));
  }
  await soon(() => raw.received.length === id, 'every acknowledgement');
  expect(world.link.health().counters.badPayloads).toBe(id);
  expect(world.logLines.join('')).toContain('"empty"');
  expect(world.logLines.join('')).not.toContain('Wang');
});

test('a register that fails makes a sender unproven, never unheard', async () => {
  const world = await startWorld({
    directory: {
      standingOf: () => {
        throw new Error('bug');
      },
    },
  });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(publishPacket('zj/v1/d1/alarm', '{"type":"sos"}'));
  await raw.next('puback');
  expect(marks(world)).toEqual([['d1', 'unverified', null]]);
});

test('mosquitto_pub with no name, a wrong secret and the right one is served alike', async () => {
  const world = await startWorld();
  const base = ['-h', '127.0.0.1', '-p', String(world.port), '-q', '1', '-t', 'zj/v1/d1/alarm', '-m', '{"type":"sos"}'];
  await run('mosquitto_pub', base);
  await run('mosquitto_pub', [...base, '-u', 'd1', '-P', 'wrong']);
  await run('mosquitto_pub', [...base, '-u', 'd1', '-P', SECRETS['d1'] ?? '']);
  await run('mosquitto_pub', [...base, '-V', 'mqttv31', '-i', 'a-client-id-that-is-longer-than-23-characters', '-r']);
  expect(marks(world).map(([, standing]) => standing)).toEqual(['unverified', 'unverified', 'verified', 'unverified']);
});

test('no line of the log holds a name that is not an id, a topic of a stranger or a payload', async () => {
  const world = await startWorld();
  const raw = await world.raw();
  await raw.connectAs('Wang Xiulan 13900000000', 'Wang-secret');
  raw.send(
    publishPacket('zj/v1/Wang Xiulan/alarm', '{"type":"Wang","text":"Wang"}', 1, 1),
    publishPacket('Wang/Lake Road', 'Wang', 1, 2),
  );
  await soon(() => raw.received.length === 2, 'both acknowledgements');
  raw.socket.destroy();
  await soon(() => world.logLines.some((line) => line.includes('device disconnected')), 'the last line');
  expect(world.logLines.join('')).not.toContain('Wang');
});
