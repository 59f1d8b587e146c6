import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Checks } from '../../../../gateway/api/contract/feed.ts';
import { createStatusBoard } from '../../../../gateway/api/live/status-board.ts';

type Check = Checks[string];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function createWorld() {
  const world = { redis: { status: 'ok', detail: '0' } as Check, changes: 0 };
  const board = createStatusBoard(
    {
      redis: () => world.redis,
      journal: () => {
        if (world.redis.detail === 'the check fails') throw new Error('a check went wrong');
        return { status: 'ok' };
      },
    },
    pino({ level: 'silent' }),
  );
  board.onChange(() => {
    world.changes += 1;
  });
  return { world, board };
}

test('a part that fails is told once, within half a second, and once when it is well again', () => {
  const { world, board } = createWorld();
  board.start();
  world.changes = 0;
  world.redis = { status: 'failed', detail: 'no answer' };
  vi.advanceTimersByTime(500);
  expect([world.changes, board.status().degraded]).toEqual([1, true]);
  vi.advanceTimersByTime(5000);
  expect(world.changes).toBe(1);
  world.redis = { status: 'ok' };
  vi.advanceTimersByTime(500);
  expect([world.changes, board.status().degraded]).toEqual([2, false]);
  board.stop();
});

test('a detail alone is no change', () => {
  const { world, board } = createWorld();
  board.start();
  world.changes = 0;
  world.redis = { status: 'ok', detail: '7 wait' };
  vi.advanceTimersByTime(1000);
  expect([world.changes, board.checks()['redis']?.detail]).toEqual([0, '7 wait']);
  board.stop();
});

test('a check that throws has failed, and the others are told all the same', () => {
  const { world, board } = createWorld();
  world.redis = { status: 'ok', detail: 'the check fails' };
  expect(board.checks()).toMatchObject({ redis: { status: 'ok' }, journal: { status: 'failed' } });
});

test('it may be started and stopped twice, and is silent after it', () => {
  const { world, board } = createWorld();
  board.start();
  board.start();
  board.stop();
  board.stop();
  world.changes = 0;
  world.redis = { status: 'failed' };
  vi.advanceTimersByTime(5000);
  expect(world.changes).toBe(0);
});
