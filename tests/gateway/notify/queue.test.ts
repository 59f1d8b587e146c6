import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  NoticeQueue,
  PLACES,
  PLACES_A_PERSON,
  PLACES_FOR_RETRIES,
  type Queued,
} from '../../../gateway/notify/queue.ts';

/** So many come at once, of so many people; every so manieth is a retry. */
const burst = fc
  .record({ count: fc.nat(200), people: fc.integer({ min: 1, max: 300 }), retryEach: fc.integer({ min: 1, max: 4 }) })
  .map(({ count, people, retryEach }) => ({
    add: Array.from({ length: count }, (_, n): Queued => ({
      person: `user:u${n % people}`,
      priority: 1 + (n % 5),
      isRetry: n % retryEach === 0,
    })),
  }));
/** Some come, some end, whoever may begin. */
const steps = fc.array(fc.oneof(burst, fc.record({ end: fc.nat() })), { maxLength: 8 });

test('places are never exceeded, not by retries and not by one person, and nobody is lost', () => {
  fc.assert(
    fc.property(steps, (played) => {
      const queue = new NoticeQueue<Queued>();
      const [running, begun, added]: [Queued[], Set<Queued>, Queued[]] = [[], new Set(), []];
      let most: [number, number, number] = [0, 0, 0];
      let isTwice = false;
      const begin = (): void => {
        for (let item = queue.take(); item !== undefined; item = queue.take()) {
          isTwice ||= begun.has(item);
          begun.add(item);
          running.push(item);
        }
        const retries = running.filter(({ isRetry }) => isRetry).length;
        const ofOne = [...Map.groupBy(running, ({ person }) => person).values()].map((same) => same.length);
        most = [Math.max(most[0], running.length), Math.max(most[1], retries), Math.max(most[2], ...ofOne)];
      };
      const end = (which: number): void => {
        const [item] = running.splice(which % Math.max(1, running.length), 1);
        if (item !== undefined) queue.done(item);
      };
      for (const step of played) {
        if ('end' in step) end(step.end);
        else {
          for (const item of step.add) queue.add(item);
          added.push(...step.add);
        }
        begin();
      }
      while (running.length > 0) {
        end(0);
        begin();
      }
      expect(isTwice).toBe(false);
      expect(most[0]).toBeLessThanOrEqual(PLACES);
      expect(most[1]).toBeLessThanOrEqual(PLACES_FOR_RETRIES);
      expect(most[2]).toBeLessThanOrEqual(PLACES_A_PERSON);
      expect(begun.size).toBe(new Set(added).size);
      expect(queue.list()).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('whoever was never told comes before repeated attempts, then the most urgent, then the first', () => {
  const queue = new NoticeQueue<Queued & { readonly name: string }>();
  const add = (name: string, priority: number, isRetry: boolean) =>
    queue.add({ name, person: name, priority, isRetry });
  add('retry of 1', 1, true);
  add('urgent', 2, false);
  add('life a', 1, false);
  add('life b', 1, false);
  const order = [queue.take(), queue.take(), queue.take(), queue.take(), queue.take()].map((item) => item?.name);
  expect(order).toEqual(['life a', 'life b', 'urgent', 'retry of 1', undefined]);
});

test('a person whose telephone hangs keeps two places; a hundred others begin at once', () => {
  const queue = new NoticeQueue<Queued>();
  for (let n = 0; n < 50; n += 1) queue.add({ person: 'dead', priority: 1, isRetry: false });
  for (let n = 0; n < 100; n += 1) queue.add({ person: `p${n}`, priority: 2, isRetry: false });
  const begun: string[] = [];
  for (let item = queue.take(); item !== undefined; item = queue.take()) begun.push(item.person);
  expect(begun.filter((person) => person === 'dead')).toHaveLength(PLACES_A_PERSON);
  expect(begun).toHaveLength(PLACES_A_PERSON + 100);
});
