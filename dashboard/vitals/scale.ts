import type { Limit } from './limits.ts';
import type { Series } from './series.ts';

export type Range = { readonly min: number; readonly max: number };

/** What is always shown of a unit, so that a calm day looks calm (chosen); never beyond `floor` and `ceiling`. */
const USUAL: Readonly<Record<string, Range & { readonly floor?: number; readonly ceiling?: number }>> = {
  '%': { min: 88, max: 100, floor: 0, ceiling: 100 },
  '1/min': { min: 45, max: 115, floor: 0 },
  'mm[Hg]': { min: 60, max: 160, floor: 0 },
  Cel: { min: 35.5, max: 38.5 },
  'mmol/L': { min: 3, max: 12, floor: 0 },
  '{steps}': { min: 0, max: 100, floor: 0 },
  min: { min: 0, max: 60, floor: 0 },
};

/** Room beyond the outermost value (chosen). */
const ROOM = 0.06;

/**
 * The scale of a strip: what is usual, every value that may be scored, and every limit. Flagged values do not widen it: a
 * sensor in a drawer must not press the person's own line flat.
 */
export function calcRange(unit: string | null, series: readonly Series[], limits: readonly Limit[]): Range {
  const usual = unit === null ? undefined : USUAL[unit];
  const values = [
    ...series.flatMap(({ points }) => points.flatMap(({ min, max }) => [min, max])),
    ...limits.flatMap(({ low, high }) => [low, high].filter((value) => value !== null)),
  ];
  // Where nothing may be scored, what is there may be seen.
  const seen =
    values.length > 0 ? values : series.flatMap(({ flagged }) => flagged.flatMap(({ min, max }) => [min, max]));
  let min = Math.min(usual?.min ?? Number.POSITIVE_INFINITY, ...seen);
  let max = Math.max(usual?.max ?? Number.NEGATIVE_INFINITY, ...seen);
  if (!Number.isFinite(min) || !Number.isFinite(max)) return { min: 0, max: 1 };
  const room = Math.max((max - min) * ROOM, min === max ? Math.max(1, Math.abs(min) * 0.05) : 0);
  if (min !== usual?.min) min -= room;
  if (max !== usual?.max) max += room;
  return {
    min: Math.max(min, usual?.floor ?? Number.NEGATIVE_INFINITY),
    // The line at the very top stays visible below the frame.
    max: Math.min(max, usual?.ceiling === undefined ? Number.POSITIVE_INFINITY : usual.ceiling + room / 4),
  };
}
