import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { createWearer, nextVitals, PLAUSIBLE_RANGES } from '../../../devices/simulator/plausible-vitals.ts';
import { decodeVitals } from '../../../protocols/mqtt-json/decode-vitals.ts';
import { encodeVitals } from '../../../protocols/mqtt-json/encode.ts';

const random01 = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const MORNING = Date.UTC(2026, 2, 1, 0, 0);
const metrics = [...Object.keys(PLAUSIBLE_RANGES), 'steps'];

test('values stay within what is plausible, whatever chance brings', () => {
  fc.assert(
    fc.property(fc.array(random01, { minLength: 50, maxLength: 50 }), (dice) => {
      let wearer = createWearer(MORNING);
      let rolled = 0;
      for (let minute = 0; minute < 100; minute++) {
        const next = nextVitals(wearer, metrics, MORNING + minute * 60_000, () => dice[rolled++ % dice.length] ?? 0);
        wearer = next.wearer;
        for (const { metric, value } of next.readings) {
          if (metric === 'steps') continue;
          const range = PLAUSIBLE_RANGES[metric as keyof typeof PLAUSIBLE_RANGES];
          expect(value).toBeGreaterThanOrEqual(range.min);
          expect(value).toBeLessThanOrEqual(range.max);
        }
      }
    }),
  );
});

/** How far a heart rate is from the one before and from what is usual, on average, when it is measured so often. */
function strayOf(everyMs: number): { readonly step: number; readonly fromUsual: number } {
  let seed = 1;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let wearer = createWearer(MORNING);
  const values: number[] = [];
  for (let n = 0; n < 5000; n++) {
    const next = nextVitals(wearer, ['heart-rate'], MORNING + n * everyMs, random);
    wearer = next.wearer;
    values.push(next.readings[0]?.value ?? 0);
  }
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  return {
    step: mean(values.slice(1).map((value, n) => Math.abs(value - (values[n] ?? 0)))),
    fromUsual: mean(values.map((value) => Math.abs(value - 72))),
  };
}

test('a heart that is asked every ten seconds leaps less than one that is asked every ten minutes, and strays as far', () => {
  const [often, seldom] = [strayOf(10_000), strayOf(600_000)];
  expect(often.step).toBeLessThan(seldom.step / 4);
  expect(often.step).toBeGreaterThan(0);
  expect(often.fromUsual / seldom.fromUsual).toBeGreaterThan(0.6);
  expect(often.fromUsual / seldom.fromUsual).toBeLessThan(1.6);
});

test('before dawn a heart beats more slowly than in the afternoon', () => {
  const at = (chinaHour: number): number => {
    const nowMs = Date.UTC(2026, 2, 1, chinaHour - 8 + 24);
    const wearer = createWearer(nowMs - 86_400_000);
    return nextVitals(wearer, ['heart-rate'], nowMs, () => 0.5).readings[0]?.value ?? 0;
  };
  expect(at(4)).toBe(66);
  expect(at(16)).toBe(78);
});

test('steps only grow by day, stand still by night and begin anew at midnight in China', () => {
  let wearer = createWearer(MORNING);
  let last = 0;
  for (let hour = 0; hour < 24; hour++) {
    const nowMs = MORNING + hour * 3_600_000;
    wearer = nextVitals(wearer, ['steps'], nowMs, () => 0.5).wearer;
    const chinaHour = (8 + hour) % 24;
    if (chinaHour === 0) expect(wearer.steps).toBe(0);
    else expect(wearer.steps).toBeGreaterThanOrEqual(last);
    if (chinaHour >= 1 && chinaHour < 6) expect(wearer.steps).toBe(last);
    last = wearer.steps;
  }
});

test('every metric of every model can be made up and is read back by the decoder', () => {
  for (const model of DEVICE_MODELS.all) {
    const { readings } = nextVitals(createWearer(MORNING), model.metrics, MORNING, () => 0.5);
    expect(readings.map(({ metric }) => metric).toSorted()).toEqual([...model.metrics].toSorted());
    expect(decodeVitals(encodeVitals({ readings }))).toMatchObject({ ok: true, faults: [] });
  }
});

test('a metric that nobody knows is left out', () => {
  expect(nextVitals(createWearer(0), ['mood', 'toString'], 0, () => 0).readings).toEqual([]);
});
