import { describe, expect, test } from 'vitest';
import { createForgetErased } from '../../../../gateway/incidents/degraded/forget-erased.ts';
import { INCIDENT_KEYS } from '../../../../gateway/incidents/keys.ts';
import { StoreError } from '../../../../gateway/store/store-error.ts';
import { silent } from '../world.ts';

/** A gateway that keeps some texts, and what Postgres says of them. */
function remember(texts: readonly string[]) {
  const kept = new Set(texts);
  const unlinked: string[] = [];
  const world = { erasure: '0', erased: [] as string[], isAway: false, asked: 0, isRedisAway: false };
  const forget = createForgetErased({
    memory: {
      lastErasure: () =>
        world.isAway ? Promise.reject(new StoreError('test', 'unavailable')) : Promise.resolve(world.erasure),
      erasedOf: ({ refs, eventIds }) => {
        world.asked += 1;
        const isErased = (id: string): boolean => world.erased.includes(id);
        return Promise.resolve({ refs: refs.filter(isErased), eventIds: eventIds.filter(isErased) });
      },
    },
    redis: {
      unlink: (...keys) =>
        world.isRedisAway ? Promise.reject(new Error('away')) : Promise.resolve(unlinked.push(...keys)),
    },
    keys: () => kept,
    drop: (keys) => {
      for (const key of keys) kept.delete(key);
    },
    logger: silent,
  });
  return { world, forget, kept, unlinked };
}

const [WORDS, FRAME, OTHER] = [INCIDENT_KEYS.personal('r1'), INCIDENT_KEYS.event('e1'), INCIDENT_KEYS.personal('r2')];
const INDEX = INCIDENT_KEYS.index('device:r1');

describe('A gateway that remembers what was erased', () => {
  test('forgets it, there and in Redis, and nothing else', async () => {
    const { world, forget, kept, unlinked } = remember([WORDS, FRAME, OTHER, INDEX]);
    await forget.look(false);
    expect(kept.size).toBe(4);
    world.erasure = '1';
    world.erased = ['r1', 'e1'];
    await forget.look(false);
    expect([...kept]).toEqual([OTHER, INDEX]);
    expect(unlinked.toSorted()).toEqual([WORDS, FRAME].toSorted());
  });

  test('asks again only when more was erased, or when it may have come back', async () => {
    const { world, forget, kept } = remember([WORDS]);
    await forget.look(false);
    await forget.look(false);
    expect(world.asked).toBe(1);
    world.erased = ['r1'];
    await forget.look(false);
    expect([...kept]).toEqual([WORDS]);
    await forget.look(true);
    expect([...kept]).toEqual([]);
  });

  test('looks once more where somebody was erased while it looked', async () => {
    const { world, forget, kept } = remember([WORDS]);
    const first = forget.look(false);
    await Promise.resolve();
    await Promise.resolve();
    world.erasure = '1';
    world.erased = ['r1'];
    await forget.look(false);
    await first;
    expect([...kept]).toEqual([]);
  });

  test.each(['isAway', 'isRedisAway'] as const)('looks again after a look that failed: %s', async (what) => {
    const { world, forget, kept } = remember([WORDS]);
    await forget.look(false);
    world.erasure = '1';
    world.erased = ['r1'];
    world[what] = true;
    await forget.look(false);
    expect([...kept]).toEqual([WORDS]);
    world[what] = false;
    await forget.look(false);
    expect([...kept]).toEqual([]);
  });
});
