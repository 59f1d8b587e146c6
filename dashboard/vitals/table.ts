import type { Limit } from './limits.ts';
import { pickMarks, type Mark } from './marks.ts';
import type { Point, Series } from './series.ts';
import type { Bounds } from './span.ts';

/** More rows nobody listens to (chosen, with limits and alarms among them). */
export const MOST_ROWS = 50;
/** Of these at most so many are alarms: the newest that were grave, then the newest of the others. */
const MOST_ALARMS = 15;

/** Values of one line over the time of a row. */
export type Cell = Omit<Point, 'atMs'> | null;

export type TableRow =
  /** One a series, in their order; null where there is none. */
  | { readonly kind: 'limits'; readonly limits: readonly (Limit | null)[] }
  | { readonly kind: 'alarm'; readonly mark: Mark }
  /** Alarms that no row is left for. */
  | { readonly kind: 'more-alarms'; readonly count: number }
  | {
      readonly kind: 'readings';
      readonly fromMs: number;
      readonly toMs: number;
      /** One a series, in their order. */
      readonly cells: readonly Cell[];
      /** Readings of these series that are not scored. */
      readonly flagged: number;
    };

/**
 * Limits first, then alarms and readings, the newest first. Never more than MOST_ROWS. `offsetMs`: how far the zone is east of
 * UTC, so that rows begin at whole hours and days of it.
 */
export function planTable(
  series: readonly Series[],
  limits: readonly Limit[],
  marks: readonly Mark[],
  { fromMs, toMs }: Bounds,
  offsetMs: number,
): TableRow[] {
  const own = series.map(({ metric }) => limits.find((one) => one.metric === metric && (one.low ?? one.high) !== null));
  const limitRows: TableRow[] = own.some((limit) => limit !== undefined)
    ? [{ kind: 'limits', limits: own.map((limit) => limit ?? null) }]
    : [];
  const inside = marks.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  const alarms = pickMarks(inside, MOST_ALARMS);
  const hidden = inside.length - alarms.length;
  const left = MOST_ROWS - limitRows.length - alarms.length - (hidden > 0 ? 1 : 0);
  const timed = [
    ...alarms.map((mark) => ({ atMs: mark.atMs, row: { kind: 'alarm', mark } satisfies TableRow })),
    ...planReadings(series, { fromMs, toMs }, Math.max(2, left), offsetMs).map((row) => ({ atMs: row.toMs, row })),
  ].toSorted((a, b) => b.atMs - a.atMs);
  return [
    ...limitRows,
    ...timed.map(({ row }) => row),
    ...(hidden > 0 ? [{ kind: 'more-alarms', count: hidden } satisfies TableRow] : []),
  ];
}

type ReadingsRow = Extract<TableRow, { readonly kind: 'readings' }>;

/** Equal pieces, the first and the last cut to the span, at most `most`; those in which nothing was measured are left out. */
function planReadings(
  series: readonly Series[],
  { fromMs, toMs }: Bounds,
  most: number,
  offsetMs: number,
): ReadingsRow[] {
  const stepMs = chooseStep((toMs - fromMs) / (most - 1));
  const end = Math.ceil((toMs + offsetMs) / stepMs) * stepMs - offsetMs;
  const rows: ReadingsRow[] = [];
  for (let from = end - stepMs; from > fromMs - stepMs; from -= stepMs) {
    const begins = Math.max(from, fromMs);
    // A moment on the edge belongs to what begins there; the last edge has nothing behind it.
    const ends = from + stepMs === end ? toMs + 1 : from + stepMs;
    const isIn = ({ atMs }: { readonly atMs: number }): boolean => atMs >= begins && atMs < ends;
    const cells = series.map(({ points }) => sumUp(points.filter(isIn)));
    const flagged = series.reduce((sum, one) => sum + countOf(one.flagged.filter(isIn)), 0);
    if (flagged > 0 || cells.some((cell) => cell !== null)) {
      rows.push({ kind: 'readings', fromMs: begins, toMs: Math.min(toMs, from + stepMs), cells, flagged });
    }
  }
  return rows;
}

const MINUTE_MS = 60_000;
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720].map((minutes) => minutes * MINUTE_MS);
const DAY_MS = 1440 * MINUTE_MS;

/** A step that a person can say, no shorter than asked for. */
function chooseStep(atLeastMs: number): number {
  return STEPS_MS.find((ms) => ms >= atLeastMs) ?? Math.ceil(atLeastMs / DAY_MS) * DAY_MS;
}

function sumUp(points: readonly Point[]): Cell {
  const count = countOf(points);
  if (count === 0) return null;
  return {
    min: Math.min(...points.map(({ min }) => min)),
    avg: points.reduce((sum, point) => sum + point.avg * point.count, 0) / count,
    max: Math.max(...points.map(({ max }) => max)),
    count,
  };
}

function countOf(points: readonly { readonly count: number }[]): number {
  return points.reduce((sum, { count }) => sum + count, 0);
}
