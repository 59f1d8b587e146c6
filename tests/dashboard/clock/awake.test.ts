import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAwakeClock } from '../../../dashboard/clock/awake.ts';
import { judgeLiveness } from '../../../dashboard/feed/liveness.ts';

function createClocks() {
  const time = { mono: 1000, wall: 1_700_000_000_000 };
  return {
    time,
    clock: createAwakeClock(
      () => time.mono,
      () => time.wall,
    ),
  };
}

test('after a sleep that the monotonic clock did not count, the screen is not believed', () => {
  const { time, clock } = createClocks();
  const statusAtMs = clock();
  time.mono += 100;
  time.wall += 3_600_000;
  const input = { monoMs: clock(), startedAtMs: 0, statusAtMs, isStreaming: true, isLoaded: true };
  expect(judgeLiveness(input)).toMatchObject({ kind: 'lost', sounds: true });
  time.mono += 1000;
  time.wall += 1000;
  expect(clock() - input.monoMs).toBe(1000);
});

test('a wall clock that is put back, or drifts, changes nothing, and the clock never goes back', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5000), fc.integer({ min: -4_000_000, max: 1999 }))), (steps) => {
      const { time, clock } = createClocks();
      for (const [passedMs, driftMs] of steps) {
        const before = clock();
        time.mono += passedMs;
        time.wall += passedMs + driftMs;
        expect(clock() - before).toBe(passedMs);
      }
    }),
  );
});
