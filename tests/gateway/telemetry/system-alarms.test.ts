import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../devices/event.ts';
import { createSystemAlarms, OTHER_CODE } from '../../../gateway/telemetry/system-alarms.ts';
import { HandClock } from '../ingest/hand-clock.ts';

const MINUTE = 60_000;

function makeWorld() {
  const clock = new HandClock();
  const said: string[] = [];
  const raws = new Set<string>();
  /** Code and since when. */
  const open = new Map<string, number>();
  const door = { isKept: true };
  const alarms = createSystemAlarms({
    door: {
      raise: ({ message, raw, deviceId }) => {
        if (!door.isKept) return Promise.reject(new Error('neither side kept it'));
        said.push(`${message.kind} ${message.type} ${message.zone ?? ''} ${deviceId ?? 'no device'}`);
        raws.add(raw);
        if (message.kind === 'alarm') open.set(message.zone ?? '', clock.nowMs());
        else open.delete(message.zone ?? '');
        return Promise.resolve({} as AlarmEvent);
      },
    },
    gatewayId: 'gw-1',
    clock,
    logger: pino({ level: 'silent' }),
    openSince: (code) => open.get(code) ?? null,
  });
  return { clock, said, raws, open, door, alarms };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a fault that is told every second is one incident, and its end closes it once', () => {
  const { alarms, said, clock } = makeWorld();
  for (let second = 0; second < 3600; second += 1) {
    alarms.raise('disk-low', { freePct: 9 });
    clock.advance(1000);
  }
  expect(alarms.standing()).toEqual(['disk-low']);
  alarms.restore('disk-low');
  alarms.restore('disk-low');
  expect(said).toEqual(['alarm system disk-low no device', 'restored system disk-low no device']);
  expect(alarms.standing()).toEqual([]);
});

test('what stands is told anew in its incident where it changed, once in ten minutes', () => {
  const { alarms, said, raws, clock } = makeWorld();
  alarms.renew('many-silent:gw-1', { devices: 1 });
  expect(said).toEqual([]);
  alarms.raise('many-silent:gw-1', { devices: 20 });
  for (let minute = 0; minute <= 30; minute += 1) {
    alarms.raise('many-silent:gw-1', { devices: 20 });
    alarms.renew('many-silent:gw-1', { devices: minute < 25 ? 23 : 24 });
    clock.advance(MINUTE);
  }
  expect(said).toHaveLength(3);
  expect(raws.size).toBe(3);
  alarms.restore('many-silent:gw-1');
  alarms.renew('many-silent:gw-1', { devices: 30 });
  expect(said).toHaveLength(4);
});

test('a fault that comes back at once is no repeat of the one before', () => {
  const { alarms, said, raws } = makeWorld();
  for (let n = 0; n < 3; n += 1) {
    alarms.raise('disk-low');
    alarms.restore('disk-low');
  }
  expect(said).toHaveLength(6);
  expect(raws.size).toBe(6);
});

test('one that somebody closed although it lasts rings again after ten minutes', () => {
  const { alarms, said, clock, open } = makeWorld();
  alarms.raise('redis-away');
  open.clear();
  clock.advance(9 * MINUTE);
  alarms.raise('redis-away');
  expect(said).toHaveLength(1);
  clock.advance(MINUTE);
  alarms.raise('redis-away');
  expect(said).toHaveLength(2);
});

test('what nothing kept is tried again, to raise and to restore', async () => {
  const world = makeWorld();
  world.door.isKept = false;
  world.alarms.raise('disk-full');
  await settle();
  world.door.isKept = true;
  world.clock.advance(5000);
  world.alarms.raise('disk-full');
  expect(world.said).toHaveLength(1);
  world.door.isKept = false;
  world.alarms.restore('disk-full');
  await settle();
  world.door.isKept = true;
  world.alarms.restore('disk-full');
  expect(world.said.at(-1)).toBe('restored system disk-full no device');
});

test('a restore closes what a run before this one left, soon after the start and once', () => {
  const { alarms, said, open, clock } = makeWorld();
  open.set('disk-low', clock.nowMs() - MINUTE);
  open.set('p3-hole', clock.nowMs() - MINUTE);
  alarms.restore('disk-low');
  alarms.restore('disk-low');
  expect(said).toEqual(['restored system disk-low no device']);
  clock.advance(6 * MINUTE);
  // Another gateway may have raised this one.
  alarms.restore('p3-hole');
  expect(said).toHaveLength(1);
});

test('what another gateway raises after this one began is its own to close', () => {
  const { alarms, said, open, clock } = makeWorld();
  clock.advance(1000);
  open.set('loop-stuck:dispatch', clock.nowMs());
  alarms.restore('loop-stuck:dispatch');
  expect(said).toEqual([]);
});

test('a type of its own is kept for its end too', () => {
  const { alarms, said } = makeWorld();
  alarms.raise('no-coverage:city', {}, 'no-coverage');
  alarms.restore('no-coverage:city');
  expect(said[1]).toBe('restored no-coverage no-coverage:city no device');
});

test('codes without end share one, and a door that throws harms nobody', () => {
  const { alarms } = makeWorld();
  for (let n = 0; n < 1000; n += 1) alarms.raise(`code-${n}`);
  expect(alarms.standing().length).toBeLessThanOrEqual(201);
  expect(alarms.standing()).toContain(OTHER_CODE);
  const thrower = createSystemAlarms({
    door: {
      raise: () => {
        throw new Error('not there yet');
      },
    },
    gatewayId: 'gw-1',
    clock: new HandClock(),
    logger: pino({ level: 'silent' }),
    openSince: () => {
      throw new Error('no board yet');
    },
  });
  thrower.raise('early');
  thrower.restore('other');
});
