import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listParts, READINGS } from '../../../../gateway/telemetry/observations/days.ts';
import { planPiece } from '../../../../gateway/telemetry/observations/plan-piece.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const T0 = Date.UTC(2026, 10, 1);
const hours = fc.integer({ min: 0, max: 20 * 24 }).map((n) => T0 + n * HOUR_MS);

test('piece after piece everything is closed to the end, and no hour of a day that has readings is passed over', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.constant(-Infinity), hours),
      hours,
      fc.subarray(listParts(READINGS, T0 - DAY_MS, T0 + 21 * DAY_MS)),
      (fromMs, closingMs, days) => {
        const filled = new Set<number>();
        let doneMs = fromMs;
        for (
          let piece = planPiece(doneMs, closingMs, days);
          piece !== null;
          piece = planPiece(doneMs, closingMs, days)
        ) {
          expect(piece.fromMs).toBeGreaterThanOrEqual(doneMs);
          expect(piece.untilMs).toBeGreaterThan(doneMs);
          expect(piece.untilMs).toBeLessThanOrEqual(closingMs);
          expect(piece.untilMs - piece.fromMs).toBeLessThanOrEqual(6 * HOUR_MS);
          for (let at = piece.fromMs; at < piece.untilMs; at += HOUR_MS) filled.add(at);
          doneMs = piece.untilMs;
        }
        expect(doneMs).toBe(Math.max(fromMs, closingMs));
        for (const day of days) {
          for (let at = day.fromMs; at < day.untilMs; at += HOUR_MS) {
            expect(filled.has(at)).toBe(at >= fromMs && at < closingMs);
          }
        }
      },
    ),
  );
});

test('days without readings cost nothing: years of them are one step', () => {
  expect(planPiece(-Infinity, T0, [])).toEqual({ fromMs: T0, untilMs: T0 });
  expect(planPiece(T0, T0, [])).toBeNull();
});
