import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { READING_FLAGS } from '../../../../devices/reading.ts';
import { HOLD_MS } from '../../../../gateway/telemetry/limits/held-news.ts';
import { BAD_IN_A_ROW } from '../../../../gateway/telemetry/limits/worn.ts';
import { every, reading } from './build-readings.ts';
import { openRules, T0 } from './rules-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world = openRules();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  world = openRules();
});
afterEach(() => void vi.useRealTimers());
const kindsOf = () => world.raised.map(({ kind, type }) => `${kind} ${type}`);

describe('Readings beyond a limit', () => {
  test('ring once, and the alarm explains itself', () => {
    for (const [index, value] of [90, 88, 86, 86].entries()) {
      world.take([reading({ value, ts: T0 + index * 3 * MINUTE })]);
    }
    expect(world.raised).toEqual([
      {
        kind: 'alarm',
        type: 'vitals',
        measure: { metric: 'spo2', value: 88, unit: '%', limit: 92, side: 'low', forMs: 3 * MINUTE },
        faults: [],
      },
    ]);
  });

  test('are told as back by a note when they are within limits again', () => {
    world.take(every({}, {}, {}));
    for (const minute of [1, 3, 5, 6]) world.take([reading({ value: 96, ts: T0 + minute * MINUTE })]);
    expect(kindsOf()).toEqual(['alarm vitals', 'restored vitals']);
    expect(world.raised[1]?.measure).toMatchObject({ value: 96, limit: 92, side: 'low', forMs: 5 * MINUTE });
  });

  test('are held against the person’s own limits, where there are some', () => {
    world.own = [{ metric: 'spo2', low: 80, high: null }];
    world.take(every({}, {}, {}));
    expect(world.raised).toEqual([]);
    world.own = [{ metric: 'spo2', low: 88, high: null }];
    world.take([reading({ ts: T0 + HOUR / 6 })]);
    expect(world.raised[0]?.measure?.limit).toBe(88);
  });

  test('of one metric do not count for another', () => {
    world.take(every({}, { metric: 'heart-rate', value: 30 }, { metric: 'systolic', value: 80 }));
    expect(world.raised).toEqual([]);
  });

  test.each(['weight', 'steps', 'mood'])('of %s have no limit of their own accord', (metric) => {
    world.take(every(...Array.from({ length: 9 }, () => ({ metric, value: -1 }))));
    expect(world.raised).toEqual([]);
  });

  test('that bear any flag but the clock’s never count, also not as well', () => {
    const flags = fc.integer({ min: 1, max: 31 }).filter((bits) => bits !== READING_FLAGS.clock);
    fc.assert(
      fc.property(fc.array(fc.record({ flags, value: fc.constantFrom(30, 86, 95) }), { maxLength: 30 }), (bad) => {
        world = openRules();
        world.take(every(...bad));
        expect(world.raised.filter(({ type }) => type === 'vitals')).toEqual([]);
      }),
    );
    world = openRules();
    world.take(
      every({}, { value: 99, flags: READING_FLAGS.poor }, {}, { value: 99, flags: READING_FLAGS.unknownUnit }, {}),
    );
    expect(kindsOf()).toEqual(['alarm vitals']);
  });

  test('mean the same in whatever order a message has them', () => {
    const message = fc
      .array(fc.constantFrom(86, 80, 95, 96), { maxLength: 40 })
      .map((values) => every(...values.map((value) => ({ value, receivedAt: T0 + HOUR }))));
    fc.assert(
      fc.property(
        message.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([inOrder, shuffled]) => {
          const [one, other] = [openRules(), openRules()];
          one.take(inOrder);
          other.take(shuffled);
          vi.advanceTimersByTime(HOLD_MS);
          expect(other.raised).toEqual(one.raised);
        },
      ),
    );
  });

  test('of two devices of one person are rows of their own: another finger’s well reading between hides nothing', () => {
    for (let minute = 0; minute < 3; minute += 1) {
      world.take([reading({ value: 78, ts: T0 + minute * MINUTE })]);
      world.take([reading({ deviceId: 'bed-1', value: 96, ts: T0 + minute * MINUTE + 30_000 })]);
    }
    expect(kindsOf()).toEqual(['alarm vitals']);
  });

  test('that arrive long after say so, and those of the day before do not ring', () => {
    const late = every({}, {}, {}).map((each) => ({ ...each, receivedAt: T0 + 3 * HOUR }));
    world.take(late);
    vi.advanceTimersByTime(HOLD_MS);
    expect(world.raised).toMatchObject([{ at: T0 + 20_000 }]);
    world = openRules();
    world.take(every({}, {}, {}).map((each) => ({ ...each, receivedAt: T0 + 25 * HOUR })));
    vi.advanceTimersByTime(HOLD_MS);
    expect(world.raised).toEqual([]);
  });

  test('of a former wearer ring at nobody', () => {
    world.binding = (atMs) => (atMs < T0 + HOUR ? 1 : 2);
    world.take(every({}, {}, {}).map((each) => ({ ...each, receivedAt: T0 + 2 * HOUR })));
    expect(world.raised).toEqual([]);
  });

  test('of a device that nobody wears, or several people do, ring too', () => {
    world.residentIds = ['r-1', 'r-2'];
    world.take(every({ residentId: null }, { residentId: null }, { residentId: null }));
    expect(kindsOf()).toEqual(['alarm vitals']);
  });

  test.each(['hospital', 'deceased'] as const)('of somebody in status %s ring at nobody', (status) => {
    world.status = status;
    world.take(every({}, {}, {}, ...Array.from({ length: BAD_IN_A_ROW }, () => ({ flags: READING_FLAGS.notWorn }))));
    expect(world.raised).toEqual([]);
    world.status = 'away';
    world.take([reading({ ts: T0 + MINUTE }), reading({ ts: T0 + MINUTE + 1000 })]);
    // What was measured in the meantime does not count.
    expect(world.raised).toEqual([]);
    world.take([reading({ ts: T0 + MINUTE + 2000 })]);
    expect(kindsOf()).toEqual(['alarm vitals']);
  });

  test('of before a stay in hospital do not count after it', () => {
    world.take(every({}, {}));
    world.status = 'hospital';
    world.take([reading({ ts: T0 + 30_000, value: 95 })]);
    world.status = 'at-home';
    world.take([reading({ ts: T0 + 40_000 })]);
    expect(world.raised).toEqual([]);
  });

  test('ring with the next reading where the alarm could not be kept', async () => {
    world.isDoorShut = true;
    world.take(every({}, {}, {}));
    await Promise.resolve();
    await Promise.resolve();
    world.isDoorShut = false;
    world.take([reading({ ts: T0 + MINUTE })]);
    expect(kindsOf()).toEqual(['alarm vitals']);
  });
});
