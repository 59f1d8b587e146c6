import type { Generator } from './generator.ts';
import type { Site } from './site.ts';

/** One line of the table: ours against something of the same run. */
export type Line = {
  readonly what: string;
  readonly ours: string;
  readonly other: string;
  /** Ours ÷ the other; null where there is nothing to compare with. */
  readonly ratio: number | null;
  /** As `performance.md` of the project's beginning asked for it, e.g. `≤ 2`; empty where nothing was asked. */
  readonly goal: string;
  /** What spoils the line, e.g. a generator that was the limit. */
  readonly notes: readonly string[];
};

/** How long and how often: the whole bench stays below ten minutes. */
export type Scale = {
  readonly repeats: number;
  readonly spanMs: number;
  readonly clients: number;
  readonly wearables: number;
};

export type Bench = {
  readonly site: Site;
  readonly generator: Generator;
  readonly scale: Scale;
  readonly print: (text: string) => void;
};

/** Above this share of a processor, or this late, the generator may be what was measured. Chosen. */
const BUSY = 0.9;
const LATE_MS = 5;

export function limitNotes(
  what: string,
  measured: readonly { readonly cpu: number; readonly lagP99Ms: number }[],
): string[] {
  const cpu = Math.max(...measured.map((one) => one.cpu));
  const lag = Math.max(...measured.map((one) => one.lagP99Ms));
  return [
    ...(cpu > BUSY
      ? [`${what}: the generator used ${(cpu * 100).toFixed(0)} % of a processor and may be the limit`]
      : []),
    ...(lag > LATE_MS ? [`${what}: the generator sent up to ${lag.toFixed(1)} ms late (p99)`] : []),
  ];
}

export function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

export function perSecond(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')}/s`;
}
