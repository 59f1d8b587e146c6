import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { TimeSlices } from '../../gateway/time-slices.ts';

/** Slices on a clock that each work moves by a millisecond, and what was done in each turn of the event loop. */
function open() {
  let nowMs = 0;
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const slices = new TimeSlices({ clock: { monoMs: () => nowMs }, logger });
  const done: number[] = [];
  const add = (number: number): void =>
    slices.add(() => {
      nowMs += 1;
      done.push(number);
    });
  return { slices, done, lines, add };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('nothing is done in the turn in which it is left for later, and all of it is done in its order', async () => {
  const { slices, done, add } = open();
  for (const number of upTo(10_000)) add(number);
  expect(done).toEqual([]);
  while (slices.waiting > 0) await turn();
  expect(done).toEqual(upTo(10_000));
});

test('between two slices everything else has its turn', async () => {
  const { done, add } = open();
  for (const number of upTo(9)) add(number);
  const seen: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    await turn();
    seen.push(done.length);
  }
  // Two milliseconds of work a turn.
  expect(seen).toEqual([2, 4, 6, 8, 9, 9]);
});

test('work that fails is said, and what stands behind it is done', async () => {
  const { slices, done, lines, add } = open();
  slices.add(() => {
    throw new Error('bug');
  });
  add(1);
  await turn();
  expect(done).toEqual([1]);
  expect(lines.join('')).toContain('work that was left for later failed');
});

test('work that leaves more for later does so, and at the end all of it is done at once', () => {
  const { slices, done, add } = open();
  slices.add(() => add(2));
  add(1);
  slices.finish();
  expect(done).toEqual([1, 2]);
  expect(slices.waiting).toBe(0);
});

test('whatever is left for later, by whom and when, is done once and in its order', async () => {
  const work = fc.record({ turns: fc.integer({ min: 0, max: 2 }), adds: fc.integer({ min: 0, max: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(work, { maxLength: 20 }), async (works) => {
      const { slices, done, add } = open();
      let made = 0;
      const addOne = (further: number): void => {
        const number = (made += 1);
        add(number);
        // Behind it, from within a slice.
        if (further > 0) slices.add(() => addOne(further - 1));
      };
      for (const { turns, adds } of works) {
        addOne(adds);
        for (let n = 0; n < turns; n += 1) await turn();
      }
      for (let n = 0; n < 200 && slices.waiting !== 0; n += 1) await turn();
      await turn();
      expect(slices.waiting).toBe(0);
      expect(done).toEqual(Array.from({ length: made }, (_, index) => index + 1));
    }),
  );
});
