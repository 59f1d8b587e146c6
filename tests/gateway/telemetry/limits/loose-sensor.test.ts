import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { READING_FLAGS } from '../../../../devices/reading.ts';
import { BAD_FOR_MS, BAD_IN_A_ROW, GOOD_FOR_MS } from '../../../../gateway/telemetry/limits/worn.ts';
import { every, reading } from './build-readings.ts';
import { openRules, T0 } from './rules-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world = openRules();
beforeEach(() => {
  world = openRules();
});
const kindsOf = () => world.raised.map(({ kind, type }) => `${kind} ${type}`);

describe('A sensor that sits badly', () => {
  const BAD = { flags: READING_FLAGS.notWorn };
  const bad = (count: number) => Array.from({ length: count }, () => BAD);
  /** From so long after the first reading on, every ten seconds. */
  const good = (count: number, fromMs: number) =>
    Array.from({ length: count }, (_, n) => reading({ value: 96, ts: T0 + MINUTE + fromMs + n * 10_000 }));
  const isOpen = [{ type: 'sensor-loose', subject: 'device:watch-1' }] as const;

  test.each([READING_FLAGS.notWorn, READING_FLAGS.poor, READING_FLAGS.implausible])(
    'is one technical matter, however long it lasts (flag %i)',
    (flags) => {
      world.take(every(...Array.from({ length: BAD_IN_A_ROW - 1 }, () => ({ flags }))));
      expect(world.raised).toEqual([]);
      world.take(Array.from({ length: 500 }, (_, n) => reading({ flags, ts: T0 + MINUTE + n * 10_000 })));
      expect(world.raised).toEqual([{ kind: 'alarm', type: 'sensor-loose', zone: 'spo2', faults: [] }]);
    },
  );

  test('is noticed after ten minutes of only bad readings, fewer than five', () => {
    world.take([reading(BAD), reading({ ...BAD, ts: T0 + BAD_FOR_MS - 1 })]);
    expect(world.raised).toEqual([]);
    world.take([reading({ ...BAD, ts: T0 + BAD_FOR_MS })]);
    expect(kindsOf()).toEqual(['alarm sensor-loose']);
  });

  test('is not what one good reading between says', () => {
    world.take(every(...bad(4), { value: 96 }, ...bad(4), { value: 96 }, ...bad(4)));
    expect(world.raised).toEqual([]);
  });

  test('is restored by good readings, once', () => {
    world.take(every(...bad(6)));
    world.take(good(2, 0));
    expect(kindsOf()).toEqual(['alarm sensor-loose']);
    world.take(good(1, GOOD_FOR_MS));
    world.take(good(5, GOOD_FOR_MS + MINUTE));
    expect(kindsOf()).toEqual(['alarm sensor-loose', 'restored sensor-loose']);
  });

  test('whose case stays open is restored again, not with every good reading', () => {
    world.open = [...isOpen];
    world.take([...good(20, 0), ...good(20, GOOD_FOR_MS)]);
    expect(kindsOf()).toEqual(['restored sensor-loose']);
    world.monoMs = MINUTE;
    world.take(good(1, 2 * GOOD_FOR_MS));
    expect(kindsOf()).toEqual(['restored sensor-loose', 'restored sensor-loose']);
  });

  test('before a stay in hospital does not count after it', () => {
    world.take(every(...bad(4)));
    world.status = 'hospital';
    world.take([reading({ ts: T0 + 40_000 })]);
    world.status = 'at-home';
    world.take([reading({ ...BAD, ts: T0 + 50_000 })]);
    expect(world.raised).toEqual([]);
  });

  test('is not restored by another metric that is well', () => {
    const well = { metric: 'heart-rate', value: 70 };
    world.take(every(...bad(6), well, well, well, well));
    expect(kindsOf()).toEqual(['alarm sensor-loose']);
  });

  test('that was found before a restart is neither raised twice nor left open', () => {
    world.open = [...isOpen];
    world.take(every(...bad(9)));
    expect(world.raised).toEqual([]);
    const { take } = openRulesAgain();
    take([...good(2, 0), ...good(2, GOOD_FOR_MS)]);
    expect(kindsOf()).toEqual(['restored sensor-loose']);
    world.open = [];
    world.monoMs = MINUTE;
    take(Array.from({ length: 9 }, (_, n) => reading({ ...BAD, ts: T0 + HOUR + n * 10_000 })));
    expect(kindsOf()).toEqual(['restored sensor-loose']);
  });

  test('is told of once where its case was closed by hand, and again a day later', () => {
    world.take(every(...bad(6)));
    world.monoMs = 23 * HOUR;
    world.take([reading({ ...BAD, ts: T0 + 10 * MINUTE })]);
    expect(world.raised).toHaveLength(1);
    world.monoMs = 24 * HOUR;
    world.take([reading({ ...BAD, ts: T0 + 11 * MINUTE })]);
    expect(world.raised).toHaveLength(2);
  });

  test('now and then is one technical matter a night, and told of again the night after', () => {
    const night = fc.record({
      badS: fc.integer({ min: 50, max: 4 * 3600 }),
      goodS: fc.integer({ min: 30, max: 4 * 3600 }),
    });
    fc.assert(
      fc.property(night, ({ badS, goodS }) => {
        world = openRules();
        const isBad = (s: number): boolean => s % (badS + goodS) < badS;
        for (let s = 0; s < 8 * 3600; s += 10) {
          world.monoMs = s * 1000;
          world.open = world.raised.at(-1)?.kind === 'alarm' ? [...isOpen] : [];
          world.take([reading({ value: 96, ts: T0 + s * 1000, ...(isBad(s) ? BAD : {}) })]);
        }
        expect(kindsOf().filter((kind) => kind === 'alarm sensor-loose')).toHaveLength(1);
        world.open = [];
        world.monoMs = 25 * HOUR;
        world.take(Array.from({ length: 5 }, (_, n) => reading({ ...BAD, ts: T0 + 25 * HOUR + n * 10_000 })));
        expect(kindsOf().filter((kind) => kind === 'alarm sensor-loose')).toHaveLength(2);
      }),
      { numRuns: 15 },
    );
  });

  test('costs one look at the board a second, however many readings come', () => {
    world.take(every(...Array.from({ length: 500 }, () => ({ value: 96 }))));
    expect(world.reads.board).toBe(1);
    world.monoMs = 1000;
    world.take([reading({ value: 96, ts: T0 + HOUR })]);
    expect(world.reads.board).toBe(2);
  });

  test('is tried again where it could not be kept', async () => {
    world.isDoorShut = true;
    world.take(every(...bad(5)));
    await Promise.resolve();
    await Promise.resolve();
    world.isDoorShut = false;
    world.take([reading({ ...BAD, ts: T0 + MINUTE })]);
    expect(kindsOf()).toEqual(['alarm sensor-loose']);
  });

  /** The same world after a start of the gateway: what was in memory is gone. */
  function openRulesAgain() {
    return { take: world.make().take };
  }
});
