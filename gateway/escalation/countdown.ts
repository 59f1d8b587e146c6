import { dueAt } from '../incidents/deadlines.ts';
import type { OpenIncident } from '../incidents/record.ts';

/** When an incident is due on this process's monotonic clock. */
export type Countdown = {
  readonly version: number;
  /** The wall-clock moment that this countdown was made from. */
  readonly dueAtMs: number;
  readonly dueMonoMs: number;
  /** How long it had been due when it was read at a start; a start cannot fire it earlier. */
  readonly missedMs: number;
};

/**
 * Counts a deadline on the monotonic clock from the moment the incident was read, so that a wall clock that jumps moves
 * nothing. While the incident runs, the remainder is taken from its own two times (both written by one gateway); at start
 * (`isAtStart`) from the wall clock. Either way it is believed only within 0 … the span of the deadline, and so is what was
 * missed before a start.
 * @throws RangeError for a record that no deadline can be computed from (of a newer version of the gateway)
 */
export function calcCountdown(
  incident: OpenIncident,
  known: Countdown | undefined,
  now: { readonly wallMs: number; readonly monoMs: number },
  isAtStart: boolean,
): Countdown {
  const due = dueAt(incident);
  if (known !== undefined && known.dueAtMs === due.at) return { ...known, version: incident.version };
  if (!Number.isFinite(due.at)) throw new RangeError('an open incident has no deadline');
  const remainderMs = due.at - (isAtStart ? now.wallMs : incident.updatedAt);
  const believedMs = Math.min(Math.max(remainderMs, 0), due.spanMs);
  const missedMs = isAtStart ? Math.min(Math.max(-remainderMs, 0), due.spanMs) : 0;
  return { version: incident.version, dueAtMs: due.at, dueMonoMs: now.monoMs + believedMs, missedMs };
}
