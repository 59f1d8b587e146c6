import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  NoticeQueue,
  PLACES,
  PLACES_A_PERSON,
  PLACES_FOR_RETRIES,
  type Queued,
} from '../../../gateway/notify/queue.ts';

const notice = fc.record({
  person: fc.integer({ min: 1, max: 200 }).map((n) => `user:u${n}`),
  priority: fc.integer({ min: 1, max: 5 }),
  isRetry: fc.boolean(),
});
/** Some come, some end, whoever may begin. */
const steps = fc.array(
  fc.oneof(fc.record({ add: fc.array(notice, { maxLength: 100 }) }), fc.record({ end: fc.nat() })),
  {
    maxLength: 30,
  },
);

test('places are never exceeded, not by retries and not by one person, and nobody is lost', () => {
  fc.assert(
    fc.property(steps, (played) => {
      const queue = new NoticeQueue<Queued>();
      const [running, begun, added]: [Queued[], Set<Queued>, Queued[]] = [[], new Set(), []];
      const begin = (): void => {
        for (let item = queue.take(); item !== undefined; item = queue.take()) {
          expect(begun.has(item)).toBe(false);
          begun.add(item);
          running.push(item);
        }
        expect(running.length).toBeLessThanOrEqual(PLACES);
        expect(running.filter(({ isRetry }) => isRetry).length).toBeLessThanOrEqual(PLACES_FOR_RETRIES);
        for (const same of Map.groupBy(running, ({ person }) => person).values()) {
          expect(same.length).toBeLessThanOrEqual(PLACES_A_PERSON);
        }
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
      expect(begun.size).toBe(new Set(added).size);
      expect(queue.list()).toEqual([]);
    }),
    { numRuns: 50 },
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
