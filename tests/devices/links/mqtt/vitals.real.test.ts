import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { VitalsDoor } from '../../../../devices/links/ports.ts';
import { publishPacket, SECRETS, soon, startWorld } from './world.ts';

/** A door that keeps everybody waiting until it is opened. */
function slowDoor() {
  const accepted: string[] = [];
  let waiting: (() => void)[] | null = [];
  let refused = 0;
  const door: VitalsDoor = {
    accept: (deviceId, readings, receivedAt, whenDone) => {
      accepted.push(`${deviceId} ${readings.map(({ metric, value }) => `${metric} ${value}`).join()} ${receivedAt}`);
      if (waiting === null) whenDone();
      else waiting.push(whenDone);
    },
    refuse: () => void (refused += 1),
  };
  const open = (): void => {
    for (const whenDone of waiting ?? []) whenDone();
    waiting = null;
  };
  return { door, accepted, open, refused: () => refused };
}

const vitals = (value: number, messageId: number, qos: 0 | 1 = 1) =>
  publishPacket('zj/v1/d1/vitals', `{"readings":[{"metric":"spo2","value":${value}}]}`, qos, messageId);

async function connected(slow: ReturnType<typeof slowDoor>) {
  const world = await startWorld({ vitals: slow.door, limits: { vitalsBytesPerConnection: 128 * 1024 } });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  return { world, raw };
}

test('vitals are acknowledged when they are on disk, and not before', async () => {
  const slow = slowDoor();
  const { raw } = await connected(slow);
  raw.send(vitals(97, 1), vitals(96, 2, 0), { cmd: 'pingreq' });
  await raw.next('pingresp');
  expect(slow.accepted).toEqual(['d1 spo2 97 1700000000000', 'd1 spo2 96 1700000000000']);
  expect(raw.received).toEqual([]);
  slow.open();
  expect(await raw.next('puback')).toMatchObject({ messageId: 1 });
});

test('an alarm behind any number of vitals that wait is acknowledged at once', async () => {
  const slow = slowDoor();
  const { world, raw } = await connected(slow);
  const many = Array.from({ length: 1000 }, (_, index) => vitals(90, index + 1));
  raw.send(...many, publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, 5000), { cmd: 'pingreq' });
  await soon(
    () => raw.received.some((packet) => packet.cmd === 'puback' && packet.messageId === 5000),
    'the alarm to be acknowledged',
  );
  await raw.next('pingresp');
  expect(world.arrivals).toHaveLength(1);
  // What had no room was acknowledged and dropped; the rest waits.
  expect(slow.accepted.length).toBeLessThan(200);
  expect(slow.refused()).toBe(1000 - slow.accepted.length);
  expect(world.link.health().counters.vitalsDropped).toBe(slow.refused());
  await soon(() => raw.received.length === slow.refused() + 1, 'what was dropped to be acknowledged');
  slow.open();
  await soon(() => raw.received.length === 1001, 'the others to be acknowledged');
  raw.send(vitals(91, 6000));
  await soon(() => slow.accepted.at(-1)?.includes('spo2 91'), 'room to have come back');
});

test('an alarm that comes with hundreds of vitals is acknowledged before any of them is looked at', async () => {
  const slow = slowDoor();
  slow.open();
  const works: (() => void)[] = [];
  const world = await startWorld({ vitals: slow.door, later: (work) => void works.push(work) });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  // What comes right behind CONNECT goes by the broker.
  raw.send({ cmd: 'pingreq' });
  await raw.next('pingresp');
  raw.send(
    ...Array.from({ length: 100 }, (_, index) => vitals(90, index + 1)),
    publishPacket('zj/v1/d1/alarm', '{"type":"sos"}', 1, 5000),
  );
  expect(await raw.next('puback')).toMatchObject({ messageId: 5000 });
  expect(slow.accepted).toEqual([]);
  expect(works).toHaveLength(100);
  for (const work of works.splice(0)) work();
  expect(slow.accepted).toHaveLength(100);
  // All acknowledgements of a connection are one more work.
  expect(works).toHaveLength(1);
  for (const work of works) work();
  await soon(() => raw.received.length === 100, 'the vitals to be acknowledged');
  expect(raw.received.map((packet) => 'messageId' in packet && packet.messageId)).toEqual(
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
});

test('who keeps its word by vitals alone is not taken for silent', async () => {
  const slow = slowDoor();
  slow.open();
  const world = await startWorld({ vitals: slow.door });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1'], { keepalive: 2 });
  // Three seconds are what it has.
  for (let n = 1; n <= 14; n += 1) {
    raw.send(vitals(90, n));
    await delay(250);
  }
  await soon(() => raw.received.length === 14, 'every acknowledgement');
  expect(raw.isClosed).toBe(false);
});

test('at QoS 2 too vitals are acknowledged when they are on disk', async () => {
  const slow = slowDoor();
  const { raw } = await connected(slow);
  raw.send(publishPacket('zj/v1/d1/vitals', '{"readings":[{"metric":"spo2","value":97}]}', 2, 1), { cmd: 'pingreq' });
  await raw.next('pingresp');
  await soon(() => slow.accepted.length === 1, 'the reading');
  expect(raw.received).toEqual([]);
  slow.open();
  expect(await raw.next('pubrec')).toMatchObject({ messageId: 1 });
});

test('the vitals of all together have a bound too, and one connection does not use up that of another', async () => {
  const slow = slowDoor();
  const world = await startWorld({
    vitals: slow.door,
    limits: { vitalsBytes: 10_000, vitalsBytesPerConnection: 5000 },
  });
  const first = await world.raw();
  await first.connectAs('d1', SECRETS['d1']);
  first.send(...Array.from({ length: 50 }, (_, index) => vitals(90, index + 1)), { cmd: 'pingreq' });
  await first.next('pingresp');
  const taken = slow.accepted.length;
  expect(taken).toBe(5);
  const second = await world.raw();
  await second.connectAs('d1', SECRETS['d1']);
  second.send(vitals(95, 1), { cmd: 'pingreq' });
  await second.next('pingresp');
  expect(slow.accepted).toHaveLength(taken + 1);
  second.send(...Array.from({ length: 50 }, (_, index) => vitals(90, index + 2)), { cmd: 'pingreq' });
  await second.next('pingresp');
  const third = await world.raw();
  await third.connectAs('d1', SECRETS['d1']);
  third.send(vitals(95, 1), { cmd: 'pingreq' });
  await third.next('pingresp');
  // 10,000 bytes at about 1,070 each, on whatever connections.
  expect(slow.accepted).toHaveLength(10);
  slow.open();
});

test('a door that fails costs its message, which is acknowledged, and is said', async () => {
  const world = await startWorld({
    vitals: {
      accept: () => {
        throw new Error('bug');
      },
      refuse: () => undefined,
    },
  });
  const raw = await world.raw();
  await raw.connectAs('d1', SECRETS['d1']);
  raw.send(vitals(97, 1));
  await raw.next('puback');
  expect(world.logLines.join('')).toContain('listener of the MQTT link failed');
});
