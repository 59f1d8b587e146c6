import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calcCountdown } from '../../../gateway/escalation/countdown.ts';
import { dueAt } from '../../../gateway/incidents/deadlines.ts';
import { HOUR, NOW, openIncident, SECOND } from '../incidents/build.ts';

const jump = fc.integer({ min: -1000 * HOUR, max: 1000 * HOUR });

describe('A countdown', () => {
  test('runs the same time whatever the wall clock says while the incident runs', () => {
    fc.assert(
      fc.property(jump, (wallMs) => {
        const countdown = calcCountdown(
          openIncident({ ladder: null }),
          undefined,
          { wallMs: NOW + wallMs, monoMs: 500 },
          false,
        );
        expect(countdown.dueMonoMs).toBe(500 + 15 * SECOND);
      }),
    );
  });

  test('at start takes what is left on the wall clock, and believes it only within 0 and the span', () => {
    fc.assert(
      fc.property(jump, (wallMs) => {
        const { dueMonoMs } = calcCountdown(
          openIncident({ ladder: null }),
          undefined,
          { wallMs: NOW + wallMs, monoMs: 500 },
          true,
        );
        expect(dueMonoMs - 500).toBe(Math.min(15 * SECOND, Math.max(0, 15 * SECOND - wallMs)));
      }),
    );
  });

  test('at start knows how long it had been due already, within the span', () => {
    const incident = openIncident({ ladder: null });
    const read = (agoMs: number) => calcCountdown(incident, undefined, { wallMs: NOW + agoMs, monoMs: 0 }, true);
    expect(read(14 * SECOND).missedMs).toBe(0);
    expect(read(20 * SECOND)).toMatchObject({ missedMs: 5 * SECOND, dueMonoMs: 0 });
    expect(read(10 * HOUR)).toMatchObject({ missedMs: 15 * SECOND, dueMonoMs: 0 });
  });

  test('is not begun anew by what is no progress', () => {
    const incident = openIncident();
    const first = calcCountdown(incident, undefined, { wallMs: NOW, monoMs: 0 }, false);
    const seen = { ...incident, version: 2, updatedAt: NOW + 10 * SECOND };
    const second = calcCountdown(seen, first, { wallMs: NOW + 10 * SECOND, monoMs: 10 * SECOND }, false);
    expect(second).toEqual({ ...first, version: 2 });
  });

  test('is begun anew by a step, from the incident’s own time', () => {
    const incident = openIncident({ state: 'claimed', ownerId: 'u1', ladder: null });
    const first = calcCountdown(incident, undefined, { wallMs: NOW, monoMs: 0 }, false);
    const stepped = { ...incident, version: 2, updatedAt: NOW + 1, progressAt: NOW + 1 };
    const second = calcCountdown(stepped, first, { wallMs: NOW - 10 * HOUR, monoMs: 30 * SECOND }, false);
    expect(second).toEqual({ version: 2, dueAtMs: dueAt(stepped).at, dueMonoMs: 90 * SECOND, missedMs: 0 });
  });
});
