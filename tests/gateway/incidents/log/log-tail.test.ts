import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { LogPosition } from '../../../../gateway/incidents/log/log-position.ts';
import type { LogItem } from '../../../../gateway/incidents/log/log-reader.ts';
import { createLogTail } from '../../../../gateway/incidents/log/log-tail.ts';
import type { IncidentRecord } from '../../../../gateway/incidents/record.ts';
import { NOW, openIncident } from '../build.ts';

const at = (n: number) => `${n}-0` as LogPosition;

/** A store and a log that answer only while `isUp`. */
function createWorld(...open: IncidentRecord[]) {
  const world = { isUp: true, newest: at(1), open, log: [] as LogItem[], monoMs: 0, isLost: false };
  const answer = async <T>(give: () => T): Promise<T> => {
    await turnOfTheLoop();
    world.monoMs += 100;
    if (!world.isUp) throw new Error('Connection is closed.');
    return give();
  };
  const tail = createLogTail({
    reader: {
      newest: () => answer(() => world.newest),
      readAfter: () => answer(() => world.log.splice(0)),
      holds: () => answer(() => !world.isLost),
      page: () => answer(() => []),
    },
    store: { loadOpen: () => answer(() => world.open) },
    clock: { nowMs: () => NOW, monoMs: () => world.monoMs },
    logger: pino({ level: 'silent' }),
    pause: async () => turnOfTheLoop(),
  });
  let resets = 0;
  tail.onReset(() => {
    resets += 1;
    world.isLost = false;
  });
  return { world, tail, resets: () => resets };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 1000 && !condition(); turns += 1) await turnOfTheLoop();
  expect(condition()).toBe(true);
}

test('starts while Redis is away, and tells when the board is there', async () => {
  const { world, tail, resets } = createWorld(openIncident());
  world.isUp = false;
  await tail.start();
  expect(tail.health().lastFault).not.toBeNull();
  world.isUp = true;
  await until(() => resets() === 1);
  expect(tail.board.open()).toHaveLength(1);
  await until(() => tail.health().lastFault === null);
  await tail.stop();
});

test('begins anew when the log that it followed is gone, and only then', async () => {
  const { world, tail, resets } = createWorld(openIncident());
  await tail.start();
  await until(() => world.monoMs > 10_000);
  expect(resets()).toBe(0);
  world.open = [openIncident(), openIncident()];
  world.newest = at(0);
  world.isLost = true;
  await until(() => resets() === 1);
  expect(tail.board.open()).toHaveLength(2);
  expect(tail.board.asOf()).toBe(at(0));
  await tail.stop();
});

test('who waits for a position is not left waiting by a stop, nor longer than asked', async () => {
  const { tail } = createWorld();
  await tail.start();
  await tail.reached(at(1), 60_000);
  const waiting = tail.reached(at(99), 60_000);
  await tail.stop();
  await waiting;
  await tail.reached(at(99), 1);
});

test('may be started and stopped twice', async () => {
  const { tail } = createWorld(openIncident());
  await tail.start();
  await tail.start();
  await tail.stop();
  await tail.stop();
  await tail.start();
  expect(tail.board.open()).toHaveLength(1);
  await tail.stop();
});
