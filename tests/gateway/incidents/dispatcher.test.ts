import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEntry, AlarmGroup } from '../../../gateway/incidents/alarm-group.ts';
import type { AlarmDecider } from '../../../gateway/incidents/decide.ts';
import { createDispatcher } from '../../../gateway/incidents/dispatcher.ts';
import { StoreSilentError } from '../../../gateway/incidents/store-silence.ts';
import { pressed } from './build.ts';

/** A stream in memory; what is decided or given up is acknowledged. Time goes on by itself, without sleeping. */
function createWorld(decide: (text: string) => void) {
  const fresh: AlarmEntry[] = [];
  const pending = new Map<string, AlarmEntry>();
  const world = { decided: [] as string[], givenUp: [] as string[], trims: 0, monoMs: 0, silentTurns: 0 };
  const group: AlarmGroup = {
    ensure: async () => undefined,
    readNew: async (blockMs) => {
      await turnOfTheLoop();
      world.monoMs += fresh.length === 0 ? blockMs : 1;
      const entries = fresh.splice(0);
      for (const entry of entries) pending.set(entry.id, entry);
      return entries;
    },
    readOwnPending: async (after) => (after === '0' ? [...pending.values()] : []),
    takeOver: async () => ({ entries: [], next: null }),
    trim: async () => {
      world.trims += 1;
      throw new Error('trimming is not for today');
    },
  };
  const decider: AlarmDecider = async (event, streamId) => {
    decide(event.message.text ?? '');
    world.decided.push(event.message.text ?? '');
    pending.delete(streamId ?? '');
    return { verdict: 'opened', incidentId: null, logIds: [] };
  };
  const dispatcher = createDispatcher({
    group,
    decide: decider,
    giveUp: async (streamId) => {
      world.givenUp.push(streamId);
      pending.delete(streamId);
    },
    clock: { nowMs: () => world.monoMs, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
    pause: async (ms) => {
      world.silentTurns += 1;
      world.monoMs += ms;
      await turnOfTheLoop();
    },
  });
  const add = (id: string, text: string): void => {
    fresh.push({ id, text: JSON.stringify(pressed({ message: { text } })) });
  };
  return { world, dispatcher, add };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 200_000 && !condition(); turns += 1) await turnOfTheLoop();
  expect(condition()).toBe(true);
}

test('a store that stays silent for a hundred turns is no fault of the alarm', async () => {
  let silences = 100;
  const { world, dispatcher, add } = createWorld(() => {
    if (silences > 0) {
      silences -= 1;
      throw new StoreSilentError('no-answer', null);
    }
  });
  add('1-0', 'help');
  dispatcher.start();
  await until(() => world.decided.length === 1);
  expect(world.givenUp).toEqual([]);
  expect(world.silentTurns).toBeGreaterThanOrEqual(100);
  await dispatcher.stop();
});

test('an alarm that cannot be decided is tried three times, and new ones do not wait for it', async () => {
  let attempts = 0;
  const { world, dispatcher, add } = createWorld((text) => {
    if (text !== 'poison') return;
    attempts += 1;
    throw new TypeError('poison');
  });
  add('1-0', 'poison');
  add('2-0', 'same device');
  dispatcher.start();
  await until(() => world.decided.includes('same device'));
  expect(world.givenUp).toEqual([]);
  add('3-0', 'new');
  await until(() => world.decided.includes('new'));
  await until(() => world.givenUp.length > 0);
  expect([attempts, world.givenUp]).toEqual([3, ['1-0']]);
  expect(dispatcher.health().lastFault).toBeNull();
  await dispatcher.stop();
});

test('trimming is tried hourly, and that it fails disturbs nothing', async () => {
  const { world, dispatcher, add } = createWorld(() => undefined);
  dispatcher.start();
  await until(() => world.monoMs > 3 * 3_600_000);
  expect(world.trims).toBe(4);
  add('1-0', 'help');
  await until(() => world.decided.length === 1);
  expect(dispatcher.health().lastFault).toBeNull();
  await dispatcher.stop();
});

test('it may be started and stopped twice', async () => {
  const { world, dispatcher, add } = createWorld(() => undefined);
  dispatcher.start();
  dispatcher.start();
  await dispatcher.stop();
  await dispatcher.stop();
  dispatcher.start();
  add('1-0', 'help');
  await until(() => world.decided.length === 1);
  await dispatcher.stop();
});
