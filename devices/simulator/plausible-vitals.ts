import type { MqttReading } from '../../protocols/mqtt-json/message.ts';

type Range = {
  readonly unit: string;
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  /** How far it usually strays (standard deviation). */
  readonly spread: number;
  /** How far it falls below what is usual before dawn, and rises above it in the afternoon. */
  readonly rhythm: number;
  readonly decimals: number;
};

/** An elder at rest at home. Ranges chosen; all are normal or nearly so, none is meant to raise an alarm. */
export const PLAUSIBLE_RANGES = {
  'heart-rate': { unit: '1/min', usual: 72, min: 56, max: 104, spread: 5, rhythm: 6, decimals: 0 },
  spo2: { unit: '%', usual: 96, min: 93, max: 99, spread: 0.9, rhythm: 0.3, decimals: 0 },
  temperature: { unit: 'Cel', usual: 36.5, min: 36, max: 37.3, spread: 0.12, rhythm: 0.25, decimals: 1 },
  'respiratory-rate': { unit: '1/min', usual: 16, min: 12, max: 20, spread: 1.3, rhythm: 0.5, decimals: 0 },
  systolic: { unit: 'mm[Hg]', usual: 132, min: 112, max: 158, spread: 6, rhythm: 5, decimals: 0 },
  diastolic: { unit: 'mm[Hg]', usual: 78, min: 62, max: 92, spread: 4, rhythm: 3, decimals: 0 },
  glucose: { unit: 'mmol/L', usual: 5.8, min: 4.4, max: 8.2, spread: 0.5, rhythm: 0, decimals: 1 },
} as const satisfies Record<string, Range>;

/** After so long little is left of where a value was. Chosen. */
const FORGETS_MS = 20 * 60_000;
const COOLEST_HOUR = 4;
const STEPS_AN_HOUR = 250;
const FIRST_HOUR_AWAKE = 6;
const LAST_HOUR_AWAKE = 21;

/** What the wearer's body did last, finer than it is told; `steps` since midnight of `day` (UTC+8). */
export type Wearer = {
  readonly values: Readonly<Record<string, number>>;
  readonly steps: number;
  readonly at: number;
};

export function createWearer(nowMs: number): Wearer {
  const values = Object.fromEntries(Object.entries(PLAUSIBLE_RANGES).map(([metric, { usual }]) => [metric, usual]));
  return { values, steps: 0, at: nowMs };
}

/**
 * The next reading of each metric that is asked for; metrics without a range are left out. Pure: `random` gives [0, 1).
 * Values drift, the further the longer it was, and are drawn back to what is usual at that hour; steps only grow, by day, and begin anew at midnight.
 */
export function nextVitals(
  wearer: Wearer,
  metrics: readonly string[],
  nowMs: number,
  random: () => number,
): { readonly wearer: Wearer; readonly readings: MqttReading[] } {
  const values: Record<string, number> = { ...wearer.values };
  const steps = walk(wearer, nowMs, random);
  const readings: MqttReading[] = [];
  for (const metric of metrics) {
    if (metric === 'steps') readings.push({ metric, value: steps, unit: '{steps}' });
    if (!isRanged(metric)) continue;
    const range: Range = PLAUSIBLE_RANGES[metric];
    const moved = drift(values[metric] ?? range.usual, range, nowMs - wearer.at, nowMs, random);
    values[metric] = moved;
    const value = Number(moved.toFixed(range.decimals));
    readings.push({ metric, value, unit: range.unit, quality: 'ok', worn: true });
  }
  return { wearer: { values, steps, at: nowMs }, readings };
}

function isRanged(metric: string): metric is keyof typeof PLAUSIBLE_RANGES {
  return Object.hasOwn(PLAUSIBLE_RANGES, metric);
}

function drift(value: number, range: Range, afterMs: number, nowMs: number, random: () => number): number {
  const { usual, min, max, spread, rhythm } = range;
  const kept = Math.exp(-Math.max(0, afterMs) / FORGETS_MS);
  const hours = ((nowMs + CHINA_OFFSET_MS) % DAY_MS) / 3_600_000;
  const middle = usual - rhythm * Math.cos(((hours - COOLEST_HOUR) / 24) * 2 * Math.PI);
  // As wide as a normal distribution of this spread, however often it is asked for.
  const noise = (random() * 2 - 1) * Math.sqrt(3) * spread * Math.sqrt(1 - kept * kept);
  return Math.min(max, Math.max(min, middle + (value - middle) * kept + noise));
}

/** China has one time zone, eight hours ahead of UTC, without summer time. */
const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

function walk(wearer: Wearer, nowMs: number, random: () => number): number {
  const day = (ms: number): number => Math.floor((ms + CHINA_OFFSET_MS) / DAY_MS);
  const hour = Math.floor(((nowMs + CHINA_OFFSET_MS) % DAY_MS) / 3_600_000);
  const before = day(nowMs) === day(wearer.at) ? wearer.steps : 0;
  if (hour < FIRST_HOUR_AWAKE || hour > LAST_HOUR_AWAKE) return before;
  const hours = Math.min(1, Math.max(0, nowMs - wearer.at) / 3_600_000);
  return before + Math.round(hours * STEPS_AN_HOUR * 2 * random());
}
