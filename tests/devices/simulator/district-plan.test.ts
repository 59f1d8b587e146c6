import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEVICE_MODELS } from '../../../devices/catalog/models.ts';
import { choosePress, nextPressInMs, withJitter } from '../../../devices/simulator/district-plan.ts';

const random01 = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('presses come as often as asked on average, and never within the same second', () => {
  const count = 10_000;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += nextPressInMs(2, () => (i + 0.5) / count);
  expect(sum / count / 3_600_000).toBeCloseTo(0.5, 2);
  fc.assert(fc.property(random01, (dice) => nextPressInMs(1e9, () => dice) >= 1000));
});

test('a model raises only what its table says', () => {
  for (const model of DEVICE_MODELS.all) {
    const possible = [...model.raises, ...model.keys.map((key) => key.raises)];
    fc.assert(
      fc.property(fc.array(random01, { minLength: 2, maxLength: 2 }), ([first = 0, second = 0]) => {
        const dice = [first, second];
        expect(possible).toContain(choosePress(model, () => dice.shift() ?? 0));
      }),
    );
  }
});

test('jitter stays within a tenth', () => {
  fc.assert(
    fc.property(random01, (dice) => {
      const ms = withJitter(1000, () => dice);
      expect(ms).toBeGreaterThanOrEqual(900);
      expect(ms).toBeLessThanOrEqual(1100);
    }),
  );
});
