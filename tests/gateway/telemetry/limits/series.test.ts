import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FOR_MS, IN_A_ROW, KEPT, type Sample } from '../../../../gateway/telemetry/limits/readings.ts';
import {
  AGAIN_AFTER_MS,
  BACK_AFTER_MS,
  CALM_AFTER_MS,
  EMPTY_SERIES,
  MOST_PAUSE_MS,
  takeReading,
} from '../../../../gateway/telemetry/limits/series.ts';
import { every, GAP_MS, LIMITS, MINUTE, play, rings, T0 } from './series-play.ts';

/** Well, below, above; or anything. */
const arbitraryValue = fc.constantFrom(95, 94, 90, 89, 85, 99, 100);
const arbitrarySeries = (maxLength: number) =>
  fc
    .array(
      fc.record({ value: arbitraryValue, stepMs: fc.constantFrom(1, 10_000, MINUTE, FOR_MS, GAP_MS, GAP_MS + 1) }),
      {
        maxLength,
      },
    )
    .map((steps) => {
      let ts = T0;
      return steps.map(({ value, stepMs }) => ({ ts: (ts += stepMs), value }));
    });

const sideOf = (value: number): 'low' | 'high' | null =>
  value < LIMITS.low ? 'low' : value > LIMITS.high ? 'high' : null;

/** The readings in a row at the end, told plainly, from all that ever came. */
function tail(samples: readonly Sample[], isIn: (sample: Sample) => boolean): Sample[] {
  const run: Sample[] = [];
  for (const sample of samples.toReversed()) {
    const next = run[0];
    if (!isIn(sample) || (next !== undefined && next.ts - sample.ts > GAP_MS)) break;
    run.unshift(sample);
  }
  return run;
}

const spanOf = (run: readonly Sample[]): number => (run.at(-1)?.ts ?? 0) - (run[0]?.ts ?? 0);
const suffices = (run: readonly Sample[]): boolean =>
  run.length >= IN_A_ROW || (run.length > 1 && spanOf(run) >= FOR_MS);

type Side = 'low' | 'high';
type Told = { readonly ts: number; readonly worst: number; readonly rings: number };

/** What should come of readings that arrive in their order, by the words of the rule and with an unbounded memory. */
function model(samples: readonly Sample[]): (string | null)[] {
  let told: Record<Side, Told | null> = { low: null, high: null };
  let raised: Side | null = null;
  return samples.map((sample, index) => {
    const sofar = samples.slice(0, index + 1);
    const side = sideOf(sample.value);
    const run = tail(sofar, ({ value }) => sideOf(value) === side);
    if (!suffices(run)) return null;
    if (side === null) {
      const isBack = raised !== null && spanOf(run) >= BACK_AFTER_MS;
      if (isBack) raised = null;
      if (spanOf(run) >= CALM_AFTER_MS) told = { low: null, high: null };
      return isBack ? 'back' : null;
    }
    const before = told[side];
    const worst = before?.worst ?? sample.value;
    const isWorse = ({ value }: Sample): boolean =>
      side === 'low' ? value <= worst - LIMITS.worse : value >= worst + LIMITS.worse;
    const quietMs = before === null ? Infinity : sample.ts - before.ts;
    const isDue =
      before === null ||
      (quietMs >= AGAIN_AFTER_MS && spanOf(run) >= AGAIN_AFTER_MS) ||
      quietMs >= Math.min(MOST_PAUSE_MS, AGAIN_AFTER_MS * 2 ** (before.rings - 1)) ||
      suffices(tail(sofar, isWorse));
    if (!isDue) return null;
    const further = side === 'low' ? Math.min(worst, sample.value) : Math.max(worst, sample.value);
    told = { ...told, [side]: { ts: sample.ts, worst: further, rings: (before?.rings ?? 0) + 1 } };
    raised = side;
    return `beyond ${side} for ${spanOf(run)}`;
  });
}

describe('Readings in their order', () => {
  test('ring, ring again and come back exactly as the rule says', () => {
    fc.assert(
      fc.property(arbitrarySeries(40), (samples) => {
        const told = play(samples).map((verdict) =>
          verdict === null ? null : verdict.kind === 'back' ? 'back' : `beyond ${verdict.side} for ${verdict.forMs}`,
        );
        // The span of a run is cut where its tightened part lies beyond what is kept; whether it rings is not.
        expect(told).toEqual(model(samples));
      }),
      { numRuns: 2000 },
    );
  });

  test('no single reading rings, whatever it is', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.array(fc.constantFrom(95, 94), { maxLength: 5 }), (value, well) => {
        expect(rings(every(10_000, ...well, value, ...well))).toBe(0);
        expect(rings([{ ts: T0, value }])).toBe(0);
      }),
    );
  });
});

describe('Three in a row', () => {
  test('ring in whatever order they come, as long as they are kept', () => {
    fc.assert(
      fc.property(
        arbitrarySeries(KEPT).chain((samples) =>
          fc.tuple(fc.constant(samples), fc.shuffledSubarray(samples, { minLength: samples.length })),
        ),
        ([inOrder, asCame]) => {
          const hasThree = inOrder.some((_, index) => {
            const three = inOrder.slice(index, index + IN_A_ROW);
            const [first] = three;
            const side = first === undefined ? null : sideOf(first.value);
            return (
              side !== null &&
              three.length === IN_A_ROW &&
              tail(three, ({ value }) => sideOf(value) === side).length === IN_A_ROW
            );
          });
          if (hasThree) expect(rings(asCame)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('tell the last value, the limit, the side and for how long', () => {
    expect(play(every(3 * MINUTE, 95, 90, 88, 86))).toEqual([
      null,
      null,
      { kind: 'beyond', side: 'low', value: 88, limit: 92, ts: T0 + 6 * MINUTE, forMs: 3 * MINUTE },
      null,
    ]);
    expect(play(every(30_000, 99, 99, 100)).at(-1)).toMatchObject({
      side: 'high',
      value: 100,
      limit: 97,
      forMs: MINUTE,
    });
  });

  test('are broken by one that is well, by the other side and by a gap', () => {
    expect(rings(every(10_000, 90, 90, 95, 90, 90))).toBe(0);
    expect(rings(every(10_000, 90, 99, 90, 99, 90, 99))).toBe(0);
    expect(rings(every(GAP_MS + 1, 90, 90, 90, 90))).toBe(0);
  });

  test('are not made of one reading that is told three times', () => {
    expect(rings([...every(10_000, 90), ...every(10_000, 90), ...every(10_000, 90)])).toBe(0);
  });

  test('both ends are well', () => {
    expect(rings(every(MINUTE, 92, 92, 92, 97, 97, 97))).toBe(0);
  });
});

describe('Two minutes', () => {
  test('ring with two readings, and one millisecond less does not', () => {
    expect(rings(every(FOR_MS, 90, 90))).toBe(1);
    expect(rings(every(FOR_MS - 1, 90, 90))).toBe(0);
  });

  test('count by the device’s time: a late reading that was well breaks them', () => {
    const [first, last] = every(10 * MINUTE, 90, 90);
    if (first === undefined || last === undefined) throw new Error('no readings');
    const well = { ts: T0 + MINUTE, value: 95 };
    expect(rings([first, well, last])).toBe(0);
    expect(rings([well, last, first])).toBe(0);
  });
});

test('what a clock that ran ahead has said hides nothing once it is set right', () => {
  const ahead = every(10_000, 95, 95, 95, 95, 95, 95, 95, 95, 90, 90, 90).map(({ ts, value }) => ({
    ts: ts + 50 * MINUTE,
    value,
  }));
  let series = EMPTY_SERIES;
  for (const [index, sample] of ahead.entries()) {
    series = takeReading(series, sample, LIMITS, T0 + index * 10_000).series;
  }
  expect(series.raised).toBe('low');
  const verdicts = every(10_000, 90, 90, 90).map(({ ts, value }) => {
    const taken = takeReading(series, { ts: ts + MINUTE * 5, value }, LIMITS, ts + MINUTE * 5);
    series = taken.series;
    return taken.verdict?.kind ?? null;
  });
  expect(verdicts).toEqual([null, null, 'beyond']);
});

test('a clock that ran ahead and had not rung hides nothing either', () => {
  const ahead = every(10_000, 95, 95, 95, 90, 95, 95, 95, 95).map(({ ts, value }) => ({ ts: ts + 50 * MINUTE, value }));
  const rightAgain = every(10_000, 90, 90, 90);
  let series = EMPTY_SERIES;
  const verdicts = [...ahead, ...rightAgain].map((sample) => {
    const taken = takeReading(series, sample, LIMITS, T0 + MINUTE);
    series = taken.series;
    return taken.verdict?.kind ?? null;
  });
  expect(verdicts.at(-1)).toBe('beyond');
});

test('of a series that is well only the last are kept, and what is beyond is kept with what stands around it', () => {
  let series = EMPTY_SERIES;
  const take = (sample: Sample): number => {
    series = takeReading(series, sample, LIMITS, sample.ts).series;
    return series.readings.length;
  };
  const lengths = every(1000, 95, 95, 95, 95, 95, 90, 95, 95, 95, 95, 95, 95, 95, 95, 95).map(take);
  expect(lengths).toEqual([1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 3]);
});

test('memory of a series is bounded', () => {
  let series = EMPTY_SERIES;
  for (const sample of every(1000, ...Array.from({ length: 500 }, () => 90))) {
    series = takeReading(series, sample, LIMITS, sample.ts).series;
    expect(series.readings.length).toBeLessThanOrEqual(KEPT);
  }
});
