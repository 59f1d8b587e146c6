import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeLabels } from '../../../dashboard/vitals/mark-labels.ts';
import type { PlacedMark } from '../../../dashboard/vitals/marks.ts';

const ROOM = { left: 0, right: 800, headPx: 7, gapPx: 8 };
const WIDTH = 48;

const at = (x: number, kind: 'own' | 'grave' | 'minor' = 'grave'): PlacedMark => ({
  x,
  marks: [],
  isOwn: kind === 'own',
  isMinor: kind === 'minor',
});

const place = (...placed: readonly PlacedMark[]) =>
  placeLabels(placed, ({ x }) => ({ text: String(x), width: WIDTH }), ROOM).map(({ mark, row, from }) => [
    mark.x,
    row,
    from,
  ]);

test('words stand to the right of a head, at the end of the axis to its left', () => {
  expect(place(at(100))).toEqual([[100, 0, 108]]);
  expect(place(at(790))).toEqual([[790, 0, 790 - 8 - WIDTH]]);
});

test('where another head is in the way they stand above, within the frame', () => {
  expect(place(at(750), at(790))).toEqual([
    [790, 1, 800 - WIDTH],
    [750, 0, 750 - 8 - WIDTH],
  ]);
});

test('among many heads only the own case has words', () => {
  const crowd = Array.from({ length: 66 }, (_, n) => at(10 + n * 12, n % 3 === 0 ? 'minor' : 'grave'));
  expect(place(...crowd)).toEqual([]);
  const own = at(400, 'own');
  expect(place(...crowd, own)).toContainEqual([400, 1, 400 - WIDTH / 2]);
});

test('a service never takes the place of an alarm', () => {
  const labels = place(at(100, 'minor'), at(170), at(100 + 2 * WIDTH, 'minor'));
  expect(labels.map(([x]) => x)).toContain(170);
  expect(place(at(100, 'minor'))).toEqual([[100, 0, 108]]);
});

test('no words lie over others, none over a head beside which they stand, none outside of the frame', () => {
  const kinds = fc.constantFrom('own' as const, 'grave' as const, 'minor' as const);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 800 }), kinds, fc.integer({ min: 20, max: 120 })), { maxLength: 30 }),
      (list) => {
        const placed = list.map(([x, kind]) => at(x, kind));
        const widths = new Map(placed.map((mark, n) => [mark, list[n]?.[2] ?? 0]));
        const labels = placeLabels(placed, (mark) => ({ text: '', width: widths.get(mark) ?? 0 }), ROOM);
        for (const label of labels) {
          const to = label.from + (widths.get(label.mark) ?? 0);
          expect(label.from).toBeGreaterThanOrEqual(0);
          expect(to).toBeLessThanOrEqual(800);
          for (const other of labels) {
            if (other === label || other.row !== label.row) continue;
            expect(label.from >= other.from + (widths.get(other.mark) ?? 0) || to <= other.from).toBe(true);
          }
          if (label.row === 0) for (const { x } of placed) expect(to <= x - 7 || label.from >= x + 7).toBe(true);
          if (label.mark.isMinor) expect(label.row).toBe(0);
        }
      },
    ),
  );
});
