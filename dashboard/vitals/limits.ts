import type { OwnLimit } from '../../gateway/api/contract/limits.ts';

/** What is well for this person, ends included; null: no limit on that side. */
export type Limit = Pick<OwnLimit, 'metric' | 'low' | 'high'>;

export type Standing = 'low' | 'high' | 'within';

/** On which side of the limits a value lies. */
export function standOf(value: number, limit: Limit | undefined): Standing {
  if (limit === undefined) return 'within';
  if (limit.low !== null && value < limit.low) return 'low';
  return limit.high !== null && value > limit.high ? 'high' : 'within';
}

/** `41–130`, `≥ 92`, `≤ 120`; null where there is none on either side. */
export function formatLimit(
  { metric, low, high }: Limit,
  format: (metric: string, value: number) => string,
): string | null {
  if (low !== null && high !== null) return `${format(metric, low)}–${format(metric, high)}`;
  if (low !== null) return `≥ ${format(metric, low)}`;
  return high === null ? null : `≤ ${format(metric, high)}`;
}
