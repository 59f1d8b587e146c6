import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEvent } from '../../../../devices/event.ts';
import { createMode } from '../../../../gateway/incidents/degraded/mode.ts';
import { Undecided } from '../../../../gateway/incidents/degraded/undecided.ts';
import { pressed } from '../build.ts';

/** A Redis that can be switched, and everything that the mode asks for. */
function createWorld() {
  const world = {
    isUp: true,
    monoMs: 0,
    begun: 0,
    here: [] as string[],
    unsettled: [] as AlarmEvent[],
    hold: null as Promise<void> | null,
  };
  const undecided = new Undecided();
  const answer = async (): Promise<void> => {
    await turnOfTheLoop();
    if (!world.isUp) throw new Error('Connection is closed.');
  };
  const mode = createMode({
    begin: () => {
      world.begun += 1;
    },
    goBack: async (end) => {
      await world.hold;
      await answer();
      end();
    },
    probe: answer,
    ping: answer,
    isReachable: () => world.isUp,
    decideHere: async (event) => {
      world.here.push(event.id);
    },
    undecided,
    unsettled: async function* () {
      yield* world.unsettled;
    },
    clock: { nowMs: () => world.monoMs, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
  });
  /** Time passes and the owner's timer looks. */
  async function pass(ms: number): Promise<void> {
    for (const until = world.monoMs + ms; world.monoMs < until;) {
      world.monoMs += 250;
      mode.look();
      for (let n = 0; n < 5; n += 1) await turnOfTheLoop();
    }
  }
  return { world, mode, undecided, pass };
}

test('an alarm that Redis may have taken to its grave rings here, and each later one at once', async () => {
  const { world, mode, undecided } = createWorld();
  const [told, lost, later] = [pressed(), pressed(), pressed()];
  mode.takeAlarm(told);
  undecided.decided(told.id);
  mode.takeAlarm(lost);
  expect(world.here).toEqual([]);
  world.isUp = false;
  mode.enter('closed');
  mode.enter('closed');
  expect([mode.name(), world.begun, world.here]).toEqual(['degraded', 1, [lost.id]]);
  mode.takeAlarm(later);
  expect(world.here).toEqual([lost.id, later.id]);
});

test('a Redis that does not answer is noticed although nobody asks it for anything', async () => {
  const { world, mode, pass } = createWorld();
  await pass(3000);
  expect(mode.name()).toBe('normal');
  world.isUp = false;
  await pass(1500);
  expect(mode.name()).toBe('degraded');
});

test('it goes back when Redis takes writes, and works by itself again when that fails half-way', async () => {
  const { world, mode, pass } = createWorld();
  world.isUp = false;
  mode.enter('closed');
  await pass(5000);
  expect(mode.name()).toBe('degraded');
  const { promise, resolve } = Promise.withResolvers<void>();
  world.hold = promise;
  world.isUp = true;
  await pass(1000);
  expect([mode.name(), mode.isDegraded()]).toEqual(['returning', true]);
  // Alarms wait for Redis a moment, not longer.
  const event = pressed();
  mode.takeAlarm(event);
  await pass(1000);
  expect(world.here).toEqual([]);
  await pass(2000);
  expect(new Set(world.here)).toEqual(new Set([event.id]));
  world.isUp = false;
  resolve();
  await pass(500);
  expect([mode.name(), world.begun]).toEqual(['degraded', 1]);
  world.isUp = true;
  await pass(2000);
  expect(mode.name()).toBe('normal');
});

test('at a start without Redis what the journal has rings', async () => {
  const { world, mode, pass } = createWorld();
  world.isUp = false;
  world.unsettled = [pressed(), pressed()];
  mode.enter('start');
  await pass(250);
  expect(world.here).toEqual(world.unsettled.map(({ id }) => id));
});

test('after its end nothing changes it', async () => {
  const { world, mode, pass } = createWorld();
  mode.end();
  world.isUp = false;
  mode.enter('closed');
  await pass(3000);
  expect([mode.name(), world.begun]).toEqual(['normal', 0]);
});
