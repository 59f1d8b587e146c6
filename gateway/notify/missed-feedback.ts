import { stageOf, type FeedbackEntry } from './feedback-plan.ts';

/** Older news frightens more than it helps (chosen). */
export const FEEDBACK_GOOD_FOR_MS = 15 * 60_000;
/** Chosen: a device that is away for so long hears of its newest alarms. */
const KEPT_A_DEVICE = 20;
const KEPT_DEVICES = 20_000;

export type MissedEntry = { readonly entry: FeedbackEntry; readonly incidentId: string | null };

type Kept = MissedEntry & { readonly keptMonoMs: number };

/** What devices that do not listen now are told when they do. Pure bookkeeping, all of it bounded. */
export class MissedFeedback {
  readonly #ofDevice = new Map<string, Kept[]>();

  keep(deviceId: string, missed: MissedEntry, nowMonoMs: number): void {
    const kept = this.#ofDevice.get(deviceId) ?? [];
    kept.push({ ...missed, keptMonoMs: nowMonoMs });
    if (kept.length > KEPT_A_DEVICE) kept.shift();
    this.#ofDevice.delete(deviceId);
    this.#ofDevice.set(deviceId, kept);
    for (const [oldest, items] of this.#ofDevice) {
      if (this.#ofDevice.size <= KEPT_DEVICES && !items.every((item) => isStale(item, nowMonoMs))) break;
      this.#ofDevice.delete(oldest);
    }
  }

  /** What is worth telling it now, in order: each alarm's `received`, and of every case the newest stage alone. */
  take(deviceId: string, nowMonoMs: number): MissedEntry[] {
    const kept = this.#ofDevice.get(deviceId) ?? [];
    this.#ofDevice.delete(deviceId);
    const fresh = kept.filter((item) => !isStale(item, nowMonoMs));
    return fresh.filter(
      ({ entry, incidentId }, n) =>
        stageOf(entry.type) === 'received' ||
        !fresh
          .slice(n + 1)
          .some((later) => later.incidentId === incidentId && stageOf(later.entry.type) !== 'received'),
    );
  }

  get devices(): number {
    return this.#ofDevice.size;
  }
}

function isStale({ keptMonoMs }: Kept, nowMonoMs: number): boolean {
  return nowMonoMs - keptMonoMs > FEEDBACK_GOOD_FOR_MS;
}
