import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { AlarmEntry, AlarmGroup } from '../../../../gateway/incidents/dispatch/alarm-group.ts';
import type { AlarmDecider } from '../../../../gateway/incidents/decide.ts';
import { createDispatcher } from '../../../../gateway/incidents/dispatch/dispatcher.ts';
import { StoreSilentError } from '../../../../gateway/incidents/store-silence.ts';
import { pressed } from '../build.ts';

/** A stream in memory; what is decided or given up is acknowledged. Time goes on by itself, without sleeping. */
function createWorld(decide: (text: string) => void) {
  const fresh: AlarmEntry[] = [];
  const tries = new Map<string, number>();
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
    readPending: async (after) => (after === '0' ? [...pending.values()] : []),
    readPendingAnew: async (after) => {
      for (const entry of pending.values()) pending.set(entry.id, { ...entry, deliveries: entry.deliveries + 1 });
      return group.readPending(after);
    },
    takeOver: async () => [],
    countTry: async (id) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      return tries.get(id) ?? 0;
    },
    forgetTries: async (ids) => {
      for (const id of ids) tries.delete(id);
    },
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
    fresh.push({ id, deliveries: 1, text: JSON.stringify(pressed({ message: { text } })) });
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

/** As a process that is killed: whatever it was doing, nothing is written after that. */
const NEVER = new Promise<never>(() => undefined);

test('an alarm that ends each process that looks at it is given up by the fifth, and the others are decided', async () => {
  const lifetime = createLifetimes();
  const looked: number[] = [];
  lifetime.add('1-0', 'before', 'd-1');
  lifetime.add('2-0', 'deadly', 'd-2');
  for (let n = 3; n < 30; n += 1) lifetime.add(`${n}-0`, `${n}`, `d-${n}`);
  for (let life = 1; life <= 5; life += 1) {
    await lifetime.live((text) => {
      if (text === 'deadly') looked.push(life);
      return text === 'deadly';
    });
  }
  expect(looked).toEqual([1, 2, 3, 4]);
  expect(lifetime.givenUp).toEqual([['2-0', true]]);
  expect(lifetime.decided.toSorted()).toEqual(
    ['before', ...Array.from({ length: 27 }, (_, n) => `${n + 3}`)].toSorted(),
  );
});

test('an alarm that happens to lie beside the end of ten processes is decided, not given up', async () => {
  const lifetime = createLifetimes();
  for (let n = 1; n < 20; n += 1) lifetime.add(`${n}-0`, `${n}`, `d-${n}`);
  // Each ends for a reason of its own as soon as it has read them.
  for (let life = 1; life <= 10; life += 1) await lifetime.live(() => false, { endsAfterReading: true });
  await lifetime.live(() => false);
  expect(lifetime.givenUp).toEqual([]);
  expect(lifetime.decided).toHaveLength(19);
});

test('a planned end while the store is silent counts for nothing', async () => {
  const lifetime = createLifetimes();
  lifetime.add('1-0', 'help', 'd-1');
  for (let life = 1; life <= 3; life += 1) await lifetime.live(() => false, { endsAfterReading: true });
  for (let life = 1; life <= 10; life += 1) await lifetime.live(() => 'silent', { isPlanned: true });
  await lifetime.live(() => false);
  expect([lifetime.givenUp, lifetime.decided]).toEqual([[], ['help']]);
});

/** One stream, as processes come and go; what lies in Redis outlives them. */
function createLifetimes() {
  const pending = new Map<string, AlarmEntry>();
  const tries = new Map<string, number>();
  const decided: string[] = [];
  const givenUp: [string, boolean][] = [];
  const fresh: AlarmEntry[] = [];

  /** One process, until nothing is left to do or something ends it. */
  async function live(
    ends: (text: string) => boolean | 'silent',
    { endsAfterReading = false, isPlanned = false } = {},
  ): Promise<void> {
    const life = { isOver: false };
    const unlessOver = async <T>(value: () => T): Promise<T> => (life.isOver ? NEVER : value());
    let monoMs = 0;
    const group: AlarmGroup = {
      ensure: () => unlessOver(() => undefined),
      readNew: async (blockMs) => {
        await turnOfTheLoop();
        monoMs += blockMs;
        return unlessOver(() => {
          for (const entry of fresh) pending.set(entry.id, entry);
          life.isOver = endsAfterReading;
          return fresh.splice(0);
        });
      },
      readPending: (after) => unlessOver(() => (after === '0' ? [...pending.values()] : [])),
      readPendingAnew: (after) =>
        unlessOver(() => {
          if (after !== '0') return [];
          for (const entry of pending.values()) pending.set(entry.id, { ...entry, deliveries: entry.deliveries + 1 });
          life.isOver = endsAfterReading;
          return [...pending.values()];
        }),
      takeOver: () => unlessOver(() => []),
      countTry: (id) =>
        unlessOver(() => {
          tries.set(id, (tries.get(id) ?? 0) + 1);
          return tries.get(id) ?? 0;
        }),
      forgetTries: (ids) => unlessOver(() => ids.forEach((id) => tries.delete(id))),
      trim: () => unlessOver(() => 0),
    };
    const dispatcher = createDispatcher({
      group,
      decide: async (event, streamId) => {
        await turnOfTheLoop();
        if (life.isOver) return NEVER;
        const text = event.message.text ?? '';
        const end = ends(text);
        if (end === 'silent') throw new StoreSilentError('no-answer', null);
        if (end) {
          life.isOver = true;
          return NEVER;
        }
        decided.push(text);
        pending.delete(streamId ?? '');
        return { verdict: 'opened', incidentId: null, logIds: [] };
      },
      giveUp: (id, _text, isDeadly) =>
        unlessOver(() => {
          givenUp.push([id, isDeadly]);
          pending.delete(id);
        }),
      clock: { nowMs: () => monoMs, monoMs: () => monoMs },
      logger: pino({ level: 'silent' }),
      pause: () => turnOfTheLoop(),
    });
    dispatcher.start();
    const isDone = () => life.isOver || (fresh.length === 0 && pending.size === 0);
    for (let turns = 0; turns < 300 && !isDone(); turns += 1) await turnOfTheLoop();
    if (isPlanned) await dispatcher.stop();
    life.isOver = true;
  }

  return {
    live,
    decided,
    givenUp,
    add: (id: string, text: string, deviceId: string): void => {
      fresh.push({ id, deliveries: 1, text: JSON.stringify(pressed({ deviceId, message: { text } })) });
    },
  };
}
