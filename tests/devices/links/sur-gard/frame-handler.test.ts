import { expect, test } from 'vitest';
import { SUR_GARD_LIMITS } from '../../../../devices/links/sur-gard/limits.ts';
import { handlerWorld } from './handler-world.ts';

const ALARM = '5011 181234E10101001';
const OTHER = '5011 185678E10101001';
const HEARTBEAT = '1011           @    ';

test('an alarm is answered when it is durable and not before', async () => {
  const { say, keep, arrivals, world, counters } = handlerWorld();
  expect(say(ALARM)).toBe(true);
  expect(world.answers).toBe(0);
  expect(arrivals).toMatchObject([
    {
      ...{ deviceId: 'north-1234', standing: 'unregistered', source: { protocol: 'sur-gard', peer: 'north' } },
      message: { kind: 'alarm', type: 'sos', zone: '001', faults: [] },
    },
  ]);
  expect(Buffer.from(arrivals[0]?.raw ?? []).toString('latin1')).toBe(`${ALARM}\x14`);
  await keep(0);
  expect(world.answers).toBe(1);
  expect(counters).toMatchObject({ frames: 1, alarms: 1, acked: 1, resent: 0 });
});

test('what the door refuses is not answered; the next copy goes there again, as the same cry', async () => {
  const { say, keep, refuse, pass, arrivals, world } = handlerWorld();
  say(ALARM);
  await refuse(0);
  expect(world.answers).toBe(0);
  pass(4000);
  say(ALARM);
  await keep(1);
  expect(world.answers).toBe(1);
  expect(arrivals).toHaveLength(2);
  expect(arrivals[1]?.message.sequence).toBe(arrivals[0]?.message.sequence);
});

test('a copy of what waits at the door goes there too, under the same name, and one answer is given to all of them', async () => {
  const { say, keep, pass, arrivals, world, counters } = handlerWorld();
  say(ALARM);
  pass(4000);
  say(ALARM);
  pass(1000);
  await keep(0);
  await keep(1);
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(1);
  expect([arrivals.length, world.answers]).toEqual([2, 1]);
  expect(counters).toMatchObject({ resent: 1, acked: 1, tooLate: 0 });
});

test('two lines within one millisecond are two, also where they say nearly the same', () => {
  const { say, arrivals } = handlerWorld();
  say('5011 181234E10101001');
  say('5011 181234E10102001');
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(2);
});

test('what one line may have at the door is bounded; what was not taken is not answered, and is taken when there is room', async () => {
  const { say, keep, pass, arrivals, world, counters } = handlerWorld({ ...SUR_GARD_LIMITS, inFlightBytes: 2000 });
  for (let copies = 0; copies < 5; copies += 1) {
    say(ALARM);
    pass(4000);
  }
  expect([arrivals.length, counters.notTaken, world.answers]).toEqual([2, 3, 0]);
  await keep(0);
  await keep(1);
  say(OTHER);
  await keep(2);
  expect([arrivals.length, world.answers]).toEqual([3, 1]);
});

test('what we fail on ourselves rings unread, and is answered when that is durable', async () => {
  const { say, keep, arrivals, world, counters } = handlerWorld();
  Object.defineProperty(counters, 'noiseBytes', {
    get: () => {
      throw new Error('a mistake of ours');
    },
  });
  expect(say(ALARM)).toBe(true);
  expect(arrivals).toMatchObject([{ deviceId: 'north-none', message: { type: 'unknown', text: ALARM } }]);
  await keep(0);
  expect(world.answers).toBe(1);
});

test('what became durable after the receiver stopped waiting is answered to its next copy, at once', async () => {
  const { say, keep, pass, arrivals, world, counters } = handlerWorld();
  say(ALARM);
  pass(3900);
  await keep(0);
  expect([world.answers, counters.tooLate]).toEqual([0, 1]);
  pass(100);
  say(ALARM);
  expect([world.answers, arrivals.length]).toEqual([1, 2]);
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(1);
});

test('a heartbeat is answered at once, also while an alarm waits; the alarm is then answered to its next copy', async () => {
  const { say, keep, pass, arrivals, world } = handlerWorld();
  say(ALARM);
  pass(16_000);
  say(HEARTBEAT);
  expect(world.answers).toBe(1);
  await keep(0);
  expect(world.answers).toBe(1);
  pass(200);
  say(ALARM);
  expect([world.answers, arrivals.length]).toEqual([2, 2]);
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(1);
});

test('the same key pressed again later is another cry', async () => {
  const { say, keep, pass, arrivals, world } = handlerWorld();
  say(ALARM);
  await keep(0);
  pass(20_000);
  say(ALARM);
  await keep(1);
  expect(world.answers).toBe(2);
  expect(arrivals[1]?.message.sequence).not.toBe(arrivals[0]?.message.sequence);
});

test('garbage is never answered, and takes the answer from whatever waited before it', async () => {
  const { say, keep, arrivals, world, counters } = handlerWorld();
  for (const garbage of ['', 'garbage', '5011\xff181234E10101001', '\x06\x15', 'x'.repeat(500)]) {
    expect(say(garbage)).toBe(false);
    expect(say(garbage)).toBe(false);
  }
  expect([world.answers, arrivals.length, counters.unread, counters.wrongParity]).toEqual([0, 0, 10, 4]);
  say(ALARM);
  say('garbage');
  await keep(0);
  expect(world.answers).toBe(0);
});

test('a line of a form that nobody knows rings when it is said twice, and is answered then', async () => {
  const { say, keep, pass, arrivals, world } = handlerWorld();
  const unknown = '6011      1234F001';
  expect(say(unknown)).toBe(false);
  expect([world.answers, arrivals.length]).toEqual([0, 0]);
  pass(4000);
  expect(say(unknown)).toBe(true);
  expect(arrivals).toMatchObject([
    { deviceId: 'north-none', message: { type: 'unknown', text: unknown, faults: [{ code: 'bad-field', path: '' }] } },
  ]);
  await keep(0);
  expect(world.answers).toBe(1);
  // The answer was not heard.
  pass(4000);
  say(unknown);
  expect([world.answers, arrivals.length]).toEqual([2, 2]);
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(1);
});

test('lines that ask for nobody are answered at once', () => {
  const { say, arrivals, world, heard } = handlerWorld();
  say('5011 181234E40101001');
  say('1011      1234 C1128');
  say('S011[#1234|NRP00]');
  expect([world.answers, arrivals.length]).toEqual([3, 0]);
  expect(heard).toEqual(['north-1234', 'north-1234', 'north-1234']);
});

test('a block with two alarms is answered when both are durable', async () => {
  const { say, keep, arrivals, world } = handlerWorld();
  say('S011[#1234|NQA01/FA02]');
  expect(arrivals.map(({ message }) => message.type)).toEqual(['sos', 'smoke']);
  expect(new Set(arrivals.map(({ message }) => message.sequence)).size).toBe(2);
  await Promise.race([keep(1), Promise.resolve()]);
  expect(world.answers).toBe(0);
  await keep(0);
  expect(world.answers).toBe(1);
});

test('a register that fails makes a sender unproven, never unheard', () => {
  const { say, arrivals, world } = handlerWorld();
  world.sender = () => {
    throw new Error('no register');
  };
  say(ALARM);
  expect(arrivals).toMatchObject([{ deviceId: 'north-1234', standing: 'unverified' }]);
});

test('each frame is traced with what it meant, the answers too', async () => {
  const { say, keep, pass, traced } = handlerWorld();
  say(ALARM);
  await keep(0);
  pass(4000);
  say(ALARM);
  say('garbage');
  await keep(1);
  expect(traced.map(({ direction, meaning, deviceId, eventIds }) => [direction, meaning, deviceId, eventIds])).toEqual([
    ['in', 'alarm sos, unregistered', 'north-1234', ['event-1']],
    ['out', 'ack', 'north-1234', undefined],
    ['out', 'ack', 'north-1234', undefined],
    ['in', 'no-header', null, undefined],
    ['in', 'alarm sos, unregistered', 'north-1234', ['event-2']],
  ]);
  expect(traced.some(({ isSignOfLife }) => isSignOfLife)).toBe(false);
  say(HEARTBEAT);
  expect(traced.slice(-2)).toMatchObject([
    { direction: 'in', isSignOfLife: true },
    { direction: 'out', isSignOfLife: true },
  ]);
});
