import type { Limits } from '../../../../gateway/telemetry/limits/effective-limits.ts';
import type { Sample } from '../../../../gateway/telemetry/limits/readings.ts';
import { EMPTY_SERIES, takeReading, type Verdict } from '../../../../gateway/telemetry/limits/series.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const GAP_MS = 35 * MINUTE;
export const LIMITS = { low: 92, high: 97, worse: 4, gapMs: GAP_MS, far: null } satisfies Limits;
export const T0 = Date.parse('2026-11-22T02:00:00.000Z');

/** Readings as they come in; each with the verdict that it made. */
export function play(samples: readonly Sample[], limits: Limits = LIMITS): (Verdict | null)[] {
  const nowMs = samples.reduce((most, { ts }) => Math.max(most, ts), T0);
  let series = EMPTY_SERIES;
  return samples.map((sample) => {
    const taken = takeReading(series, sample, limits, nowMs);
    series = taken.series;
    return taken.verdict;
  });
}

/** Every `stepMs`, from T0. */
export function every(stepMs: number, ...values: number[]): Sample[] {
  return values.map((value, index) => ({ ts: T0 + index * stepMs, value }));
}

export const rings = (samples: readonly Sample[], limits: Limits = LIMITS): number =>
  play(samples, limits).filter((verdict) => verdict?.kind === 'beyond').length;
export const kinds = (samples: readonly Sample[], limits: Limits = LIMITS): (string | null)[] =>
  play(samples, limits).map((verdict) => verdict?.kind ?? null);
