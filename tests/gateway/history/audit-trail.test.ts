import { expect, test } from 'vitest';
import { createAuditTrail } from '../../../gateway/history/audit-trail.ts';
import { silent } from '../incidents/world.ts';

const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** A stream that refuses as long as `isAway`. */
function openTrail() {
  const kept: { type: string; data: Record<string, unknown> }[] = [];
  const redis = {
    isAway: false,
    xadd: async (_key: string, _id: '*', _field: 'entry', value: string) => {
      if (redis.isAway) throw new Error('away');
      kept.push(JSON.parse(value) as (typeof kept)[number]);
    },
  };
  const trail = createAuditTrail({ redis, clock: { nowMs: () => 7, monoMs: () => 7 }, logger: silent });
  return { trail, redis, kept, types: () => kept.map(({ type }) => type) };
}

test('notes are handed over at once, in their order', async () => {
  const { trail, kept } = openTrail();
  for (let n = 0; n < 250; n += 1) trail.note(`n${n}`, 'system', { n });
  await trail.stop();
  expect(kept.map(({ type }) => type)).toEqual(Array.from({ length: 250 }, (_, n) => `n${n}`));
  expect(kept[0]).toEqual({ at: 7, type: 'n0', actor: 'system', data: { n: 0 } });
});

test('what Redis does not take waits and follows in its order', async () => {
  const { trail, redis, types } = openTrail();
  redis.isAway = true;
  trail.note('a', 'system', {});
  await settle();
  trail.note('b', 'system', {});
  expect(types()).toEqual([]);
  redis.isAway = false;
  await trail.stop();
  expect(types()).toEqual(['a', 'b']);
});

test('what is beyond the bound is counted, and the count is noted', async () => {
  const { trail, redis, kept } = openTrail();
  redis.isAway = true;
  for (let n = 0; n < 20_005; n += 1) trail.note('n', 'system', {});
  await settle();
  redis.isAway = false;
  await trail.stop();
  expect(kept).toHaveLength(20_001);
  expect(kept.filter(({ type }) => type === 'notes-shed')).toMatchObject([{ data: { count: 5 } }]);
});
