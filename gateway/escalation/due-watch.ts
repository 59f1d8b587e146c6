import type { OpenIncident } from '../incidents/record.ts';
import { calcCountdown, type Countdown } from './countdown.ts';

export type WatchedDue = { readonly kind: 'late'; readonly lateMs: number } | { readonly kind: 'no-deadline' };

/**
 * The auditor's own count of every deadline, on the monotonic clock, made from the incidents alone: whatever is wrong with
 * the engine's bookkeeping is not wrong with this.
 */
export class DueWatch {
  readonly #counted = new Map<string, Countdown>();

  /** How late each one is; those with nothing due are not named. `isAtStart`: nothing was counted before. */
  judge(
    incidents: readonly OpenIncident[],
    now: { readonly wallMs: number; readonly monoMs: number },
    isAtStart: boolean,
  ): Map<string, WatchedDue> {
    const judged = new Map<string, WatchedDue>();
    for (const incident of incidents) {
      const countdown = countOf(incident, this.#counted.get(incident.id), now, isAtStart);
      if (countdown === null) judged.set(incident.id, { kind: 'no-deadline' });
      else {
        this.#counted.set(incident.id, countdown);
        const lateMs = now.monoMs - countdown.dueMonoMs;
        if (lateMs > 0) judged.set(incident.id, { kind: 'late', lateMs });
      }
    }
    return judged;
  }

  /** Forgets what is no longer open. */
  keepOnly(isOpen: (incidentId: string) => boolean): void {
    for (const id of this.#counted.keys()) if (!isOpen(id)) this.#counted.delete(id);
  }
}

/** Null for a record that no deadline can be computed from, which the engine could not count either. */
function countOf(
  incident: OpenIncident,
  known: Countdown | undefined,
  now: { readonly wallMs: number; readonly monoMs: number },
  isAtStart: boolean,
): Countdown | null {
  try {
    const countdown = calcCountdown(incident, known, now, isAtStart);
    return Number.isFinite(countdown.dueMonoMs) ? countdown : null;
  } catch {
    return null;
  }
}
