import { weigh, type PlacedMark } from './marks.ts';

type Stretch = { readonly from: number; readonly to: number };

/** Words of a mark. `row` 0: beside its head; 1: above the heads. `from`: pixels. */
export type MarkLabel = {
  readonly mark: PlacedMark;
  readonly row: 0 | 1;
  readonly from: number;
  readonly text: string;
};

/** Pixels. */
export type LabelRoom = {
  readonly left: number;
  readonly right: number;
  /** Half of a head, with the air around it. */
  readonly headPx: number;
  readonly gapPx: number;
};

/** Above the heads words stand for the one below their middle; over more others than this nobody knows whose they are. */
const MOST_OTHERS = 1;

/**
 * Which marks have room for their words, and where: to the right of the head, to its left, or above, over no other words. The own
 * case's always have, then come what was grave and the newest; what was minor stands beside its head or has none.
 */
export function placeLabels(
  placed: readonly PlacedMark[],
  words: (mark: PlacedMark) => { readonly text: string; readonly width: number },
  { left, right, headPx, gapPx }: LabelRoom,
): MarkLabel[] {
  const heads: readonly Stretch[] = placed.map(({ x }) => ({ from: x - headPx, to: x + headPx }));
  const taken: Record<0 | 1, Stretch[]> = { 0: [], 1: [] };
  const labels: MarkLabel[] = [];
  for (const mark of placed.toSorted((a, b) => weigh(b) - weigh(a) || b.x - a.x)) {
    const { text, width } = words(mark);
    const at = (from: number): Stretch => ({ from, to: from + width });
    const fits = (row: 0 | 1, stretch: Stretch): boolean =>
      stretch.from >= left && stretch.to <= right && !taken[row].some((other) => isOver(stretch, other));
    const beside = [at(mark.x + gapPx), at(mark.x - gapPx - width)].find(
      (stretch) => fits(0, stretch) && !heads.some((head) => isOver(stretch, head)),
    );
    const above = at(Math.max(left, Math.min(right - width, mark.x - width / 2)));
    const others = heads.filter((head) => isOver(above, head)).length - 1;
    const isClear = !mark.isMinor && (mark.isOwn || others <= MOST_OTHERS) && fits(1, above);
    const stretch = beside ?? (isClear ? above : undefined);
    if (stretch === undefined) continue;
    const row = stretch === above ? 1 : 0;
    labels.push({ mark, row, from: stretch.from, text });
    taken[row].push({ from: stretch.from - gapPx / 2, to: stretch.to + gapPx / 2 });
  }
  return labels;
}

function isOver(one: Stretch, other: Stretch): boolean {
  return one.from < other.to && one.to > other.from;
}
