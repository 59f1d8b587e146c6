import { expect, test } from 'vitest';
import { createInTurn } from '../../gateway/in-turn.ts';

test('one begins when the one before it has ended, well or not, and each is told its own end', async () => {
  const inTurn = createInTurn();
  const told: string[] = [];
  const first = Promise.withResolvers<number>();
  const all = Promise.allSettled([
    inTurn(async () => {
      told.push('first');
      return first.promise;
    }),
    inTurn(async () => {
      told.push('second');
      throw new Error('away');
    }),
    inTurn(async () => {
      told.push('third');
      return 3;
    }),
  ]);
  await new Promise(setImmediate);
  expect(told).toEqual(['first']);
  first.resolve(1);
  expect(await all).toMatchObject([{ value: 1 }, { reason: { message: 'away' } }, { value: 3 }]);
  expect(told).toEqual(['first', 'second', 'third']);
});
