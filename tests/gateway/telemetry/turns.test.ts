import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createTurns } from '../../../gateway/telemetry/turns.ts';
import { HandClock } from '../ingest/hand-clock.ts';

function makeWorld() {
  const clock = new HandClock();
  const world = { begun: 0, faults: 0, pauses: [] as number[], said: [] as string[] };
  const act = { turn: async (): Promise<void> => undefined, onFault: async (): Promise<void> => undefined };
  const turns = createTurns({
    turn: async () => {
      world.begun += 1;
      await turnOfTheLoop();
      clock.advance(10);
      await act.turn();
    },
    onFault: async () => {
      world.faults += 1;
      await act.onFault();
    },
    message: 'a turn failed',
    faultWord: (error) => (error instanceof Error ? error.message : 'unknown'),
    pauseAfterFaultMs: 200,
    pause: async (ms, signal) => {
      await turnOfTheLoop();
      if (!signal.aborted) world.pauses.push(ms);
    },
    clock,
    logger: pino(
      { level: 'warn' },
      { write: (line: string) => world.said.push((JSON.parse(line) as { code: string }).code) },
    ),
  });
  return { clock, world, act, turns };
}

async function until(condition: () => boolean): Promise<void> {
  for (let looks = 0; looks < 10_000 && !condition(); looks += 1) await turnOfTheLoop();
  expect(condition()).toBe(true);
}

const never = (): Promise<never> => Promise.withResolvers<never>().promise;

test('it turns until it is stopped, begins once however often it is started, and can begin again', async () => {
  const { world, turns } = makeWorld();
  void turns.start();
  void turns.start();
  await until(() => world.begun === 5);
  await turns.stop();
  await turns.stop();
  const { begun } = world;
  await turnOfTheLoop();
  expect(world.begun).toBe(begun);
  void turns.start();
  await until(() => world.begun === begun + 2);
  await turns.stop();
  expect(world.pauses).toEqual([]);
});

test('a fault is said once while it lasts, again when it is another or has come back, and each is followed by a pause', async () => {
  const { world, act, turns } = makeWorld();
  const faults = ['away', 'away', 'away', 'full', null, 'full'];
  act.turn = async () => {
    const fault = faults[world.begun - 1] ?? null;
    if (fault !== null) throw new Error(fault);
  };
  void turns.start();
  await until(() => world.begun === 4 && turns.health().lastFault === 'full');
  await until(() => world.begun > faults.length + 1);
  await turns.stop();
  expect(world.said).toEqual(['away', 'full', 'full']);
  expect([world.faults, world.pauses]).toEqual([5, [200, 200, 200, 200, 200]]);
  expect(turns.health().lastFault).toBeNull();
});

test('a turn that fails counts as one; one that does not end after a failed one does not', async () => {
  const { clock, world, act, turns } = makeWorld();
  act.turn = () => (world.begun < 4 ? Promise.reject(new Error('away')) : never());
  expect(turns.health().lastRunMonoMs).toBeNull();
  void turns.start();
  await until(() => world.begun === 3);
  expect(turns.health().lastRunMonoMs).toBeGreaterThan(0);
  await until(() => world.begun === 4);
  await turnOfTheLoop();
  const stoodAt = turns.health().lastRunMonoMs ?? 0;
  clock.advance(60_000);
  await turnOfTheLoop();
  expect(turns.health()).toEqual({ lastRunMonoMs: stoodAt, lastFault: 'away' });
  turns.getsOn();
  expect(turns.health().lastRunMonoMs).toBe(clock.monoMs());
});

test('one that hangs while it cleans up after a fault does not turn either', async () => {
  const { world, act, turns } = makeWorld();
  act.turn = () => Promise.reject(new Error('away'));
  act.onFault = never;
  void turns.start();
  await until(() => world.faults === 1);
  await turnOfTheLoop();
  expect(turns.health().lastRunMonoMs).toBeNull();
});

test('what comes first is over before the turns begin, and its fault is one of theirs', async () => {
  const { world, turns } = makeWorld();
  await turns.start(async () => {
    expect(world.begun).toBe(0);
    throw new Error('not there yet');
  });
  expect(world.said).toEqual(['not there yet']);
  expect(turns.health().lastFault).toBe('not there yet');
  await until(() => world.begun === 2);
  expect([turns.health().lastFault, world.pauses]).toEqual([null, []]);
  await turns.stop();
});

test('stopping waits for the turn under way and says nothing of a fault that it brings', async () => {
  const { world, act, turns } = makeWorld();
  const { promise, reject } = Promise.withResolvers<void>();
  act.turn = () => promise;
  void turns.start();
  await until(() => world.begun === 1);
  let isStopped = false;
  const stopping = turns.stop().then(() => (isStopped = true));
  await turnOfTheLoop();
  expect(isStopped).toBe(false);
  reject(new Error('closed'));
  await stopping;
  expect([world.said, world.pauses, world.begun]).toEqual([[], [], 1]);
});
