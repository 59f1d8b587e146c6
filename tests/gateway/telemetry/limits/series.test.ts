import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AGAIN_AFTER_MS,
  EMPTY_SERIES,
  FOR_MS,
  GAP_MS,
  IN_A_ROW,
  KEPT,
  takeReading,
  type Sample,
  type Verdict,
} from '../../../../gateway/telemetry/limits/series.ts';

const LIMITS = { low: 92, high: 97, worse: 4 };
const MINUTE = 60_000;
const T0 = Date.parse('2026-11-22T02:00:00.000Z');

/** Readings as they come in; each with the verdict that it made. */
function play(samples: readonly Sample[], limits = LIMITS): (Verdict | null)[] {
  let series = EMPTY_SERIES;
  return samples.map((sample) => {
    const taken = takeReading(series, sample, limits, Math.max(...samples.map(({ ts }) => ts)));
    series = taken.series;
    return taken.verdict;
  });
}

/** Every `stepMs`, from T0. */
function every(stepMs: number, ...values: number[]): Sample[] {
  return values.map((value, index) => ({ ts: T0 + index * stepMs, value }));
}

const rings = (samples: readonly Sample[], limits = LIMITS): number =>
  play(samples, limits).filter((verdict) => verdict?.kind === 'beyond').length;
const kinds = (samples: readonly Sample[], limits = LIMITS): (string | null)[] =>
  play(samples, limits).map((verdict) => verdict?.kind ?? null);

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

/** What should come of readings that arrive in their order, by the words of the rule and with an unbounded memory. */
function model(samples: readonly Sample[]): (string | null)[] {
  let raised: (Sample & { readonly side: string }) | null = null;
  let isRaised = false;
  return samples.map((sample, index) => {
    const sofar = samples.slice(0, index + 1);
    const side = sideOf(sample.value);
    const run = tail(sofar, ({ value }) => sideOf(value) === side);
    if (!suffices(run)) return null;
    if (side === null) {
      if (!isRaised || raised === null || (run[0]?.ts ?? 0) <= raised.ts) return null;
      isRaised = false;
      return 'back';
    }
    const told = raised;
    const isWorse = ({ value }: Sample): boolean =>
      told !== null && (side === 'low' ? value <= told.value - LIMITS.worse : value >= told.value + LIMITS.worse);
    const isDue =
      told === null ||
      !isRaised ||
      told.side !== side ||
      sample.ts - told.ts >= AGAIN_AFTER_MS ||
      suffices(tail(sofar, isWorse));
    if (!isDue) return null;
    raised = { ...sample, side };
    isRaised = true;
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

describe('What has rung', () => {
  test('rings no more for the same, however long it wavers below', () => {
    expect(rings(every(10_000, ...Array.from({ length: 100 }, (_, n) => (n % 3 === 0 ? 91 : 89))))).toBe(1);
  });

  test('does not flap at the limit: one well reading between is not back', () => {
    expect(rings(every(10_000, 90, 90, 90, 95, 90, 90, 90, 95, 95, 90, 90, 90))).toBe(1);
  });

  test('is back after three in a row that are well, says so once, and rings anew after that', () => {
    expect(kinds(every(10_000, 90, 90, 90, 95, 95, 95, 95, 90, 90, 90))).toEqual([
      ...[null, null, 'beyond'],
      ...[null, null, 'back', null],
      ...[null, null, 'beyond'],
    ]);
  });

  test('rings again when it is much worse three times, not once', () => {
    expect(rings(every(10_000, 90, 90, 90, 80, 90, 90, 80))).toBe(1);
    expect(rings(every(10_000, 90, 90, 90, 87, 87, 87))).toBe(1);
    expect(rings(every(10_000, 90, 90, 90, 86, 85, 86))).toBe(2);
  });

  test('rings again while it lasts', () => {
    const lasting = Array.from({ length: 1 + (2 * AGAIN_AFTER_MS) / MINUTE + 2 }, () => 90);
    expect(rings(every(MINUTE, ...lasting))).toBe(3);
  });

  test('is not rung for again by a reading of before that comes late', () => {
    const inOrder = every(10_000, 90, 90, 90, 90, 95, 95, 95);
    expect(kinds([...inOrder.slice(1), ...inOrder.slice(0, 1)]).filter((kind) => kind !== null)).toEqual([
      'beyond',
      'back',
    ]);
  });

  test('has lasted since the last gap, not from before it', () => {
    const before = every(MINUTE, 90, 90, 90);
    const after = every(4 * MINUTE, ...Array.from({ length: 10 }, () => 90)).map(({ ts, value }) => ({
      ts: ts + 3 * MINUTE + GAP_MS,
      value,
    }));
    const told = play([...before, ...after]).filter((verdict) => verdict !== null);
    expect(told.map(({ forMs }) => forMs)).toEqual([2 * MINUTE, 4 * MINUTE, 36 * MINUTE]);
  });

  test('is not back because of well readings of before that come late', () => {
    const [early, late] = [every(10_000, 95, 95, 95), every(10_000, 90, 90, 90)];
    const beyond = late.map(({ ts, value }) => ({ ts: ts + MINUTE, value }));
    expect(kinds([...beyond, ...early]).filter((kind) => kind !== null)).toEqual(['beyond']);
  });

  test('tells how long it has lasted beyond what is kept', () => {
    const { forMs } = play(every(MINUTE, ...Array.from({ length: 33 }, () => 90))).at(-1) ?? {};
    expect(forMs).toBe(32 * MINUTE);
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
  expect(series.isRaised).toBe(true);
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
  expect(lengths).toEqual([1, 2, 3, 3, 3, 4, 5, 6, 7, 8, 8, 8, 8, 3, 3]);
});

test('memory of a series is bounded', () => {
  let series = EMPTY_SERIES;
  for (const sample of every(1000, ...Array.from({ length: 500 }, () => 90))) {
    series = takeReading(series, sample, LIMITS, sample.ts).series;
    expect(series.readings.length).toBeLessThanOrEqual(KEPT);
  }
});
