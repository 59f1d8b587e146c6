import { expect, test } from 'vitest';
import { createLongMemory } from '../../../../gateway/incidents/degraded/long-memory.ts';
import { StoreError } from '../../../../gateway/store/store-error.ts';
import { silent } from '../world.ts';

const none = async function* <T>(): AsyncGenerator<readonly T[]> {};
const unasked = (): Promise<never> => Promise.reject(new Error('not to be asked'));

test('what was erased is asked for again soon after PostgreSQL gave no answer, and then once a minute', async () => {
  let nowMs = 0;
  let asked = 0;
  let isAway = true;
  const memory = createLongMemory({
    memory: {
      ...{ open: none, closed: none, decided: none, find: unasked, load: unasked },
      lastErasure: () => {
        asked += 1;
        return isAway ? Promise.reject(new StoreError('test', 'unavailable')) : Promise.resolve('0');
      },
      erasedOf: () => Promise.resolve({ refs: [], eventIds: [] }),
    },
    redis: { hget: unasked, zrange: unasked, set: unasked, unlink: unasked },
    restore: unasked,
    directory: () => ({ deviceAt: () => undefined }),
    isHeld: () => false,
    keys: () => [],
    drop: () => undefined,
    clock: { nowMs: () => nowMs, monoMs: () => nowMs },
    logger: silent,
  });
  const lookAt = async (atMs: number): Promise<number> => {
    nowMs = atMs;
    memory.look();
    await new Promise(setImmediate);
    return asked;
  };

  expect(await lookAt(0)).toBe(1);
  expect(await lookAt(1000)).toBe(1);
  expect(await lookAt(2000)).toBe(2);
  isAway = false;
  expect(await lookAt(4000)).toBe(3);
  expect(await lookAt(10_000)).toBe(3);
  expect(await lookAt(63_999)).toBe(3);
  expect(await lookAt(64_000)).toBe(4);
});
