import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  calcPauseMs,
  MAX_ATTEMPTS,
  MAX_HELD_MS,
  planAttempt,
  STALE_AFTER_MS,
} from '../../../gateway/notify/attempts.ts';

const question = fc.record({
  attempts: fc.nat(60),
  heldMs: fc.nat(2 * MAX_HELD_MS),
  ageMs: fc.integer({ min: -10 * STALE_AFTER_MS, max: 100 * STALE_AFTER_MS }),
  isResolved: fc.boolean(),
});

test('what was never tried is tried, however old, unless its case is over for some time', () => {
  fc.assert(
    fc.property(question, (asked) => {
      const plan = planAttempt({ ...asked, attempts: 0 });
      const isStale = asked.isResolved && asked.ageMs > STALE_AFTER_MS;
      expect(plan).toEqual(isStale ? { kind: 'give-up', code: 'resolved' } : { kind: 'send', attempt: 1 });
    }),
  );
});

test('a schedule ends: by attempts, or by time, and says by which', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(20_000), (id, answerMs) => {
      let [heldMs, attempts] = [0, 0];
      for (;;) {
        const plan = planAttempt({ attempts, heldMs, ageMs: heldMs, isResolved: false });
        if (plan.kind === 'give-up') {
          expect(plan.code).toBe(attempts >= MAX_ATTEMPTS ? 'too-many-attempts' : 'too-old');
          break;
        }
        expect(plan.attempt).toBe(attempts + 1);
        attempts = plan.attempt;
        heldMs += answerMs + calcPauseMs(id, attempts, null);
      }
      expect(attempts).toBeGreaterThan(10);
      expect(heldMs).toBeLessThan(MAX_HELD_MS + 100_000);
    }),
  );
});

test('pauses grow to a minute, are the same for the same attempt, and are never shorter than asked for, up to a minute', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.integer({ min: 1, max: 1000 }),
      fc.option(fc.nat(10_000_000)),
      (id, attempts, askedMs) => {
        const pauseMs = calcPauseMs(id, attempts, askedMs);
        expect(calcPauseMs(id, attempts, askedMs)).toBe(pauseMs);
        expect(pauseMs).toBeGreaterThanOrEqual(Math.min(60_000, askedMs ?? 0));
        const doubled = Math.min(60_000, 1000 * 2 ** Math.min(30, attempts - 1));
        expect(calcPauseMs(id, attempts, null)).toBeGreaterThanOrEqual(Math.round(0.8 * doubled));
        expect(calcPauseMs(id, attempts, null)).toBeLessThanOrEqual(Math.round(1.2 * doubled));
      },
    ),
  );
  expect(new Set(['a', 'b', 'c', 'd'].map((id) => calcPauseMs(id, 1, null))).size).toBeGreaterThan(2);
});
