import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createChores, type Chore } from '../../../gateway/history/chores.ts';

const MINUTE_MS = 60_000;

test('each chore comes at its time, one that fails comes again and keeps no other from it, and none after the stop', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let monoMs = 0;
  const done: string[] = [];
  const lines: string[] = [];
  const chore = (name: string, firstAfterMs: number, everyMs: number, fails = false): Chore => ({
    ...{ name, firstAfterMs, everyMs },
    run: async () => {
      done.push(`${name} ${monoMs / 1000}`);
      if (fails) throw new Error('no disk');
    },
  });
  const chores = createChores({
    chores: [chore('bad', 5000, MINUTE_MS, true), chore('head', 5000, 10 * MINUTE_MS), chore('late', MINUTE_MS, 9e9)],
    // The wall clock stands still, and nothing waits for it.
    clock: { nowMs: () => 0, monoMs: () => monoMs },
    logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }),
  });
  const pass = async (ms: number): Promise<void> => {
    for (const end = monoMs + ms; monoMs < end;) {
      monoMs += 1000;
      await vi.advanceTimersByTimeAsync(1000);
    }
  };
  chores.start();
  chores.start();
  await pass(11 * MINUTE_MS);
  expect(done.filter((text) => text.startsWith('head'))).toEqual(['head 5', 'head 605']);
  expect(done.filter((text) => text.startsWith('bad'))).toHaveLength(11);
  expect(done.filter((text) => text.startsWith('late'))).toEqual(['late 60']);
  expect(lines.length).toBeGreaterThan(0);
  await chores.stop();
  const before = done.length;
  await pass(20 * MINUTE_MS);
  expect(done).toHaveLength(before);
});
