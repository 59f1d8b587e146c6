import { expect, test } from 'vitest';
import { until } from '../../../harness/until.ts';
import { linkWorld, pressOf, startedLink } from './link-world.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const within = { timeoutMs: 30_000 } as const;

test('a receiver presses over a real line and is answered', async (context) => {
  const { receiver, arrivals, link } = await linkWorld(context, { habits: { heartbeatEveryMs: 600_000 } });
  await receiver.say(pressOf('1234'));
  await receiver.say(pressOf('5678'));
  expect(arrivals.map(({ deviceId, message }) => `${deviceId} ${message.type}`)).toEqual([
    'north-1234 sos',
    'north-5678 sos',
  ]);
  expect(receiver.counters).toMatchObject({ sent: 2, acked: 2, repeated: 0 });
  expect(link.health()).toMatchObject({ status: 'ok', counters: { alarms: 2, acked: 3, heartbeats: 1, unread: 0 } });
});

test('while nothing keeps alarms the receiver repeats, gives up and keeps; it goes on at the first heartbeat', async (context) => {
  const habits = { answerWithinMs: 100, heartbeatEveryMs: 1000 };
  const { receiver, arrivals, door, link } = await linkWorld(context, { habits });
  door.accept = () => Promise.reject(new Error('no disk'));
  const said = Promise.all([receiver.say(pressOf('1234')), receiver.say(pressOf('5678'))]);
  await until(() => receiver.isAlone(), { ...within, what: 'the receiver to give up' });
  expect(receiver.counters).toMatchObject({ sent: 1, acked: 0, repeated: 3 });
  door.accept = () => Promise.resolve();
  await said;
  expect(arrivals.at(-1)?.deviceId).toBe('north-5678');
  // Each copy that the door refused came to it again, as the same cry.
  const [first, ...copies] = arrivals.slice(0, -1);
  for (const copy of copies) expect(copy.message.sequence).toBe(first?.message.sequence);
  expect(link.health().counters.alarmsNotDurable).toBeGreaterThanOrEqual(4);
});

test('garbage is not answered, and the next good frame is', async (context) => {
  const { receiver, arrivals, link } = await linkWorld(context, { habits: { heartbeatEveryMs: 600_000 } });
  await until(() => link.health().counters.heartbeats === 1, { ...within, what: 'the first heartbeat' });
  await receiver.disturb(bytesOf('\xff\0garbage\x14\x06\x15'));
  await receiver.disturb(bytesOf('x'.repeat(2000)));
  await receiver.disturb(bytesOf('\x14'));
  await until(() => link.health().counters.overLong === 1, { ...within, what: 'the garbage to be read' });
  expect(link.health().counters).toMatchObject({ acked: 1, unread: 1, noiseBytes: 4 });
  await receiver.say(pressOf('1234'));
  expect(arrivals).toHaveLength(1);
  expect(receiver.counters.strays).toBe(0);
});

test('pulled in the middle of a frame and plugged in again: that frame is sent anew, and none is made of two halves', async (context) => {
  const { receiver, arrivals, pty, link } = await linkWorld(context, {
    habits: { answerWithinMs: 500, heartbeatEveryMs: 1000 },
  });
  await until(() => link.health().counters.heartbeats > 0, { ...within, what: 'the first heartbeat' });
  const before = link.health().counters.noiseBytes;
  await receiver.disturb(bytesOf('5011 18'));
  await pty.unplug();
  await until(() => link.health().status === 'degraded', { ...within, what: 'the link to notice' });
  // Only what had come by then is half a frame.
  expect(link.health().counters.noiseBytes - before).toBeLessThanOrEqual(7);
  const said = receiver.say(pressOf('1234'));
  await pty.plug();
  await said;
  expect(arrivals.map(({ deviceId }) => deviceId)).toEqual(['north-1234']);
  expect(link.health().status).toBe('ok');
});

test('a receiver that says nothing any more is told, and is well again with its next heartbeat', async (context) => {
  const { receiver, link } = await linkWorld(context, { habits: { heartbeatEveryMs: 600_000 }, silentAfterMs: 1500 });
  await until(() => link.health().detail.includes('nothing heard of the receiver for'), {
    ...within,
    what: 'the silence',
  });
  expect(link.health().status).toBe('degraded');
  await receiver.say(pressOf('1234'));
  expect(link.health().status).toBe('ok');
});

test('a line on which nobody ever spoke is told as well', async (context) => {
  const { link } = await startedLink(context, 300);
  await until(() => link.health().status === 'degraded', { ...within, what: 'the silence to be told' });
  expect(link.health().detail).toContain('nothing heard of the receiver for');
});
