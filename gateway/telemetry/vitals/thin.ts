import { findMetric } from '../../../devices/vital-metrics.ts';
import type { Observation } from '../observation.ts';
import type { SpoolRecord } from './record.ts';

/**
 * What a reading is worth where not all can be kept:
 * - `flagged`: it may not be scored anyway (not worn, poor, implausible, wild clock, unknown)
 * - `everyday`: steps, sleep, weight
 * - `vital`: all others
 */
export const WORTHS = ['flagged', 'everyday', 'vital'] as const;
export type Worth = (typeof WORTHS)[number];
export type WorthCounts = Readonly<Record<Worth, number>>;

export const NONE: WorthCounts = { flagged: 0, everyday: 0, vital: 0 };

export function worthOf({ metric, flags }: Pick<Observation, 'metric' | 'flags'>): Worth {
  return flags === 0 ? (findMetric(metric)?.worth ?? 'flagged') : 'flagged';
}

export function countWorths(rows: readonly Observation[]): WorthCounts {
  const counts = { ...NONE };
  for (const row of rows) counts[worthOf(row)] += 1;
  return counts;
}

export function addWorths(a: WorthCounts, b: WorthCounts): WorthCounts {
  return { flagged: a.flagged + b.flagged, everyday: a.everyday + b.everyday, vital: a.vital + b.vital };
}

export function sumWorths({ flagged, everyday, vital }: WorthCounts): number {
  return flagged + everyday + vital;
}

/** Of so long a time the lowest and the highest of a metric stay: no reading beyond a limit goes, the curve keeps its shape. Chosen. */
export const SPAN_MS = 5 * 60_000;

/** How often a file can be thinned before it goes whole. */
export const MOST_THINNED = 2;

/** What stays of records at a level: 1, the vital ones; 2, of each device, metric and five minutes the lowest and the highest. */
export function thinRecords(records: readonly SpoolRecord[], level: number): SpoolRecord[] {
  const vital = records.map(({ position, rows }) => ({
    position,
    rows: rows.filter((row) => worthOf(row) === 'vital'),
  }));
  const kept = level < 2 ? vital : keepExtremes(vital);
  return kept.filter(({ rows }) => rows.length > 0);
}

function keepExtremes(records: readonly SpoolRecord[]): SpoolRecord[] {
  const lowest = new Map<string, Observation>();
  const highest = new Map<string, Observation>();
  for (const row of records.flatMap(({ rows }) => rows)) {
    const key = `${row.deviceId} ${row.metric} ${Math.floor(row.ts / SPAN_MS)}`;
    if (row.value < (lowest.get(key)?.value ?? Infinity)) lowest.set(key, row);
    if (row.value > (highest.get(key)?.value ?? -Infinity)) highest.set(key, row);
  }
  const kept = new Set([...lowest.values(), ...highest.values()]);
  return records.map(({ position, rows }) => ({ position, rows: rows.filter((row) => kept.has(row)) }));
}
