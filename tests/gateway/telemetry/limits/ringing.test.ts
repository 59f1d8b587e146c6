import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Sample } from '../../../../gateway/telemetry/limits/readings.ts';
import {
  AGAIN_AFTER_MS,
  BACK_AFTER_MS,
  CALM_AFTER_MS,
  EMPTY_SERIES,
  renew,
  takeReading,
  untell,
  type Verdict,
} from '../../../../gateway/telemetry/limits/series.ts';
import { every, GAP_MS, HOUR, kinds, LIMITS, MINUTE, play, rings, T0 } from './series-play.ts';

describe('What has rung', () => {
  const steady = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

  test('rings no more for the same, however long it wavers below', () => {
    expect(rings(every(10_000, ...Array.from({ length: 100 }, (_, n) => (n % 3 === 0 ? 91 : 89))))).toBe(1);
  });

  test('does not flap at the limit: one well reading between is not back, nor are three', () => {
    expect(rings(every(10_000, 90, 90, 90, 95, 90, 90, 90, 95, 95, 90, 90, 90))).toBe(1);
    expect(kinds(every(10_000, 90, 90, 90, 95, 95, 95, 95, 90, 90, 90)).filter((kind) => kind !== null)).toEqual([
      'beyond',
    ]);
  });

  test('is back after five minutes that are well, says so once, and within half an hour rings for the same no more', () => {
    const wellFor = BACK_AFTER_MS / MINUTE + 1;
    const told = kinds(every(MINUTE, ...steady(3, 90), ...steady(wellFor + 3, 95), ...steady(12, 90)));
    expect(told.filter((kind) => kind !== null)).toEqual(['beyond', 'back']);
    expect(told.indexOf('back')).toBe(2 + wellFor);
    expect(rings(every(MINUTE, ...steady(3, 90), ...steady(30, 95), ...steady(3, 90)))).toBe(2);
  });

  test('is forgotten after an hour that was well: what comes then rings at once, and in full', () => {
    // Rang seven times, so that the pause would be two hours.
    const first = [...steady(185, 90), ...steady(CALM_AFTER_MS / MINUTE + 1, 95)];
    const told = kinds(every(MINUTE, ...first, ...steady(40, 90)));
    const times = told.flatMap((kind, minute) => (kind === 'beyond' ? [minute] : []));
    expect(times.slice(0, 7)).toEqual([2, 32, 62, 92, 122, 152, 182]);
    expect(times.slice(7)).toEqual([first.length + 2, first.length + 32]);
  });

  test('rings again when it is much worse three times, not once', () => {
    expect(rings(every(10_000, 90, 90, 90, 80, 90, 90, 80))).toBe(1);
    expect(rings(every(10_000, 90, 90, 90, 87, 87, 87))).toBe(1);
    expect(rings(every(10_000, 90, 90, 90, 86, 85, 86))).toBe(2);
  });

  test('rings again while it lasts, every half hour', () => {
    const lasting = Array.from({ length: 1 + (5 * AGAIN_AFTER_MS) / MINUTE + 2 }, () => 90);
    expect(rings(every(MINUTE, ...lasting))).toBe(6);
  });

  test('on one side keeps the other from nothing', () => {
    expect(rings(every(10_000, 90, 90, 90, 99, 99, 99))).toBe(2);
  });

  test('is not rung for again by a reading of before that comes late', () => {
    const inOrder = every(10_000, 90, 90, 90, 90, ...steady(31, 95));
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
    const [early, late] = [every(3 * MINUTE, 95, 95, 95), every(10_000, 90, 90, 90)];
    const beyond = late.map(({ ts, value }) => ({ ts: ts + 10 * MINUTE, value }));
    expect(kinds([...beyond, ...early]).filter((kind) => kind !== null)).toEqual(['beyond']);
  });

  test('tells how long it has lasted beyond what is kept', () => {
    const { forMs } = play(every(MINUTE, ...Array.from({ length: 33 }, () => 90))).at(-1) ?? {};
    expect(forMs).toBe(32 * MINUTE);
  });

  test('is told as it is by now, where more of the same came meanwhile', () => {
    let series = EMPTY_SERIES;
    let first: Verdict | null = null;
    for (const sample of every(MINUTE, 90, 89, 88, 87, 86)) {
      const taken = takeReading(series, sample, LIMITS, sample.ts);
      series = taken.series;
      first ??= taken.verdict;
    }
    if (first === null) throw new Error('nothing rang');
    const { verdict } = renew(series, first, LIMITS);
    expect(verdict).toMatchObject({ value: 86, forMs: 4 * MINUTE });
    const well = takeReading(series, { ts: T0 + 5 * MINUTE, value: 95 }, LIMITS, T0).series;
    expect(renew(well, first, LIMITS).verdict).toBe(first);
  });

  test('and could not be kept rings with the next reading', () => {
    const [a, b, c, d] = every(MINUTE, 90, 90, 90, 90);
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no readings');
    const take = (series: typeof EMPTY_SERIES, sample: Sample) => takeReading(series, sample, LIMITS, sample.ts);
    const rang = take(take(take(EMPTY_SERIES, a).series, b).series, c);
    expect(rang.verdict?.kind ?? 'beyond').toBe('beyond');
    expect(take(untell(rang.series, EMPTY_SERIES), d).verdict?.kind).toBe('beyond');
  });
});

describe('A night', () => {
  const NIGHT_MS = 8 * HOUR;
  /** The first ring and one after each pause: 0, 30 min, 1.5 h, 3.5 h, 5.5 h, 7.5 h. */
  const RINGS_OF_A_NIGHT = 6;

  test('of apnoea, 90 s each, rings a few times instead of hundreds', () => {
    const values = Array.from({ length: NIGHT_MS / 10_000 }, (_, n) =>
      Math.round(91 + 6 * Math.sin((2 * Math.PI * n * 10) / 90)),
    );
    const night = every(10_000, ...values);
    expect(rings(night)).toBeLessThanOrEqual(RINGS_OF_A_NIGHT);
    expect(rings(night)).toBeGreaterThan(1);
  });

  test('of noise around a limit rings no more often, whatever the noise and however often it is measured', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10, max: 600 }),
        fc.integer({ min: 5, max: 95 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
        (everyS, beyondPct, chance) => {
          const values = [...chance.take(Math.floor(NIGHT_MS / (everyS * 1000)))].map((roll) =>
            roll >= beyondPct ? 93 : 91 - (roll % 3),
          );
          // Noise has no trend: it never lasts half an hour without one reading that is well, or it is no noise.
          const longest = values
            .map((value) => (value === 93 ? ' ' : 'x'))
            .join('')
            .split(' ')
            .reduce((most, run) => Math.max(most, run.length), 0);
          fc.pre((longest + 1) * everyS * 1000 < AGAIN_AFTER_MS);
          const calms = values
            .map((value) => (value === 93 ? 'x' : ' '))
            .join('')
            .split(' ');
          const isCalm = (run: string): boolean => run.length * everyS * 1000 > CALM_AFTER_MS;
          const episodes = calms.filter(isCalm).length;
          expect(rings(every(everyS * 1000, ...values))).toBeLessThanOrEqual(RINGS_OF_A_NIGHT + episodes);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('in which it becomes much worse rings within three readings, however often it rang before', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(91, 90, 89, 93, 94), { minLength: 20, maxLength: 200 }),
        fc.constantFrom(10_000, MINUTE, 10 * MINUTE),
        (wavering, stepMs) => {
          const told = kinds(every(stepMs, ...wavering, 80, 80, 80));
          expect(told.slice(-3)).toContain('beyond');
        },
      ),
    );
  });
});

describe('Three dangerous readings', () => {
  test('within the gap always ring where nothing rang of late', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(93, 94, 95), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: GAP_MS }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.constantFrom(60, 75, 91, 99, 100), { minLength: 1, maxLength: 1 }),
        (well, steps, [value = 60]) => {
          const before = every(MINUTE, ...well);
          let ts = before.at(-1)?.ts ?? T0;
          const three = steps.map((stepMs) => ({ ts: (ts += stepMs), value }));
          expect(rings([...before, ...three])).toBeGreaterThan(0);
        },
      ),
    );
  });
});

describe('What is measured now and then', () => {
  const CUFF = { low: 91, high: 219, worse: 20, gapMs: 26 * HOUR, far: { low: 70, high: 250 } };

  test('rings with the second measurement beyond the limit, a day later too', () => {
    expect(rings(every(12 * HOUR, 230, 230), CUFF)).toBe(1);
    expect(rings(every(24 * HOUR, 230, 230), CUFF)).toBe(1);
    expect(rings(every(12 * HOUR, 230, 200, 230), CUFF)).toBe(0);
    expect(rings(every(27 * HOUR, 230, 230, 230), CUFF)).toBe(0);
  });

  test('rings with the first that is far beyond, and says so while it stays so', () => {
    expect(kinds(every(12 * HOUR, 120, 255, 256), CUFF)).toEqual([null, 'beyond', 'beyond']);
    expect(rings(every(MINUTE, 65), CUFF)).toBe(1);
  });

  test('takes a second one where it is measured all the time: one reading far beyond among others is nothing', () => {
    expect(rings(every(MINUTE, 120, 255, 120, 120, 60, 120), CUFF)).toBe(0);
  });

  test('and is far beyond for others is nothing for whom it is well', () => {
    expect(rings(every(12 * HOUR, 65, 65), { ...CUFF, low: 60 })).toBe(0);
  });
});
