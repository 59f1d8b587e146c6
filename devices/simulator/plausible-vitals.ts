import type { MqttReading } from '../../protocols/mqtt-json/message.ts';

type Range = {
  readonly unit: string;
  readonly usual: number;
  readonly min: number;
  readonly max: number;
  /** Largest step between two readings. */
  readonly step: number;
  readonly decimals: number;
};

/** An elder at rest at home. Ranges chosen; all are normal or nearly so, none is meant to raise an alarm. */
export const PLAUSIBLE_RANGES = {
  'heart-rate': { unit: '1/min', usual: 72, min: 56, max: 104, step: 4, decimals: 0 },
  spo2: { unit: '%', usual: 96, min: 93, max: 99, step: 1, decimals: 0 },
  temperature: { unit: 'Cel', usual: 36.5, min: 36, max: 37.3, step: 0.1, decimals: 1 },
  'respiratory-rate': { unit: '1/min', usual: 16, min: 12, max: 20, step: 1, decimals: 0 },
  systolic: { unit: 'mm[Hg]', usual: 132, min: 112, max: 158, step: 5, decimals: 0 },
  diastolic: { unit: 'mm[Hg]', usual: 78, min: 62, max: 92, step: 4, decimals: 0 },
  glucose: { unit: 'mmol/L', usual: 5.8, min: 4.4, max: 8.2, step: 0.3, decimals: 1 },
} as const satisfies Record<string, Range>;

const STEPS_AN_HOUR = 250;
const FIRST_HOUR_AWAKE = 6;
const LAST_HOUR_AWAKE = 21;

/** What the wearer's body was last seen to do; `steps` since midnight of `day` (UTC+8). */
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
 * Values drift by small steps and are drawn back to what is usual; steps only grow, by day, and begin anew at midnight.
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
    const value = drift(values[metric] ?? range.usual, range, random);
    values[metric] = value;
    readings.push({ metric, value, unit: range.unit, quality: 'ok', worn: true });
  }
  return { wearer: { values, steps, at: nowMs }, readings };
}

function isRanged(metric: string): metric is keyof typeof PLAUSIBLE_RANGES {
  return Object.hasOwn(PLAUSIBLE_RANGES, metric);
}

function drift(value: number, { usual, min, max, step, decimals }: Range, random: () => number): number {
  const pull = (usual - value) * 0.1;
  const moved = value + pull + (random() * 2 - 1) * step;
  return Number(Math.min(max, Math.max(min, moved)).toFixed(decimals));
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
