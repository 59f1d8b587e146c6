import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sortByReference, type Reference } from '../../../gateway/backup/tables.ts';

const table = (name: string) => ({ name, columns: ['id'] });
const sort = (names: readonly string[], references: readonly Reference[]) =>
  sortByReference(names.map(table), references).map(({ name }) => name);

test('what is referred to comes first, whatever the order they are found in; all else stays as it was', () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 2 }),
      fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 10 }),
      (names, pairs) => {
        // Only from the later letter to the earlier, and to itself: that is what tables do.
        const references = pairs.map(([a, b]) => ({
          from: 'abcdef'[Math.max(a, b)] ?? '',
          to: 'abcdef'[Math.min(a, b)] ?? '',
        }));
        const sorted = sort(names, references);
        expect(sorted.toSorted()).toEqual(names.toSorted());
        for (const { from, to } of references) {
          if (from !== to && names.includes(from) && names.includes(to)) {
            expect(sorted.indexOf(to)).toBeLessThan(sorted.indexOf(from));
          }
        }
        if (references.length === 0) expect(sorted).toEqual(names);
      },
    ),
  );
});

test('tables that refer to each other in a circle are told, not left out', () => {
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(() => sort(['a', 'b'], circle)).toThrow('a, b, a');
});
