import type { Generator } from './generator.ts';
import type { Site } from './site.ts';

/** One line of the table: ours against something of the same run. */
export type Line = {
  readonly what: string;
  readonly ours: string;
  readonly other: string;
  /** Ours ÷ the other; null where there is nothing to compare with. */
  readonly ratio: number | null;
  /** As the project's goals have it, e.g. `≤ 2`; empty where nothing was asked. */
  readonly goal: string;
  /** What spoils the line, e.g. a generator that was the limit. */
  readonly notes: readonly string[];
};

/** How long and how often: the whole bench stays below ten minutes. */
export type Scale = {
  readonly repeats: number;
  /** Of one side of one repetition. */
  readonly spanMs: number;
  readonly clients: number;
  readonly wearables: number;
  /** Presses that a browser shows, idle and busy each. */
  readonly painted: number;
  /** Residents with 90 days behind them, and how often they were measured. */
  readonly residents: number;
  readonly everyMs: number;
};

export type Bench = {
  readonly site: Site;
  /** Vital signs. */
  readonly generator: Generator;
  /** Presses: by themselves, so that none waits in a process that is busy with vital signs. */
  readonly presser: Generator;
  readonly scale: Scale;
  readonly print: (text: string) => void;
};

export type Row = {
  readonly name: string;
  /** For the help. */
  readonly summary: string;
  readonly run: (bench: Bench) => Promise<Line[]>;
};

export function skippedLine(what: string, why: string): Line {
  return { what, ours: 'skipped', other: '', ratio: null, goal: '', notes: [`${what}: skipped, ${why}`] };
}

/** Above this share of a processor, or this late, the generator may be what was measured. Chosen. */
const BUSY = 0.9;
const LATE_MS = 5;

export function limitNotes(
  what: string,
  measured: readonly { readonly cpu: number; readonly lagP99Ms: number }[],
): string[] {
  const cpu = Math.max(0, ...measured.map((one) => one.cpu));
  const lag = Math.max(0, ...measured.map((one) => one.lagP99Ms));
  return [
    ...(cpu > BUSY
      ? [`${what}: the generator used ${(cpu * 100).toFixed(0)} % of a processor and may be the limit`]
      : []),
    ...(lag > LATE_MS ? [`${what}: the generator sent up to ${lag.toFixed(1)} ms late (p99)`] : []),
  ];
}

/** Of presses that must all have been answered. */
export function unansweredNotes(
  what: string,
  measured: readonly { readonly alarmsSent: number; readonly alarmsAcked: number }[],
): string[] {
  const unanswered = measured.reduce((sum, one) => sum + one.alarmsSent - one.alarmsAcked, 0);
  return unanswered === 0
    ? []
    : [`${what}: ${count(unanswered)} presses were not answered within ten seconds after the last`];
}

export function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

export function perSecond(value: number): string {
  return `${count(value)}/s`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
