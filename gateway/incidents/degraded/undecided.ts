import type { AlarmEvent, EventId } from '../../../devices/event.ts';

/** More than a town presses in the seconds that dispatch may need; beyond it the journal is read. Chosen. */
const MAX_HELD = 10_000;

/**
 * Alarms that came in here and of which the log has not told yet. When Redis falls silent they are decided here: it may have
 * taken them to its grave.
 */
export class Undecided {
  readonly #held = new Map<EventId, AlarmEvent>();
  #hasForgotten = false;

  add(event: AlarmEvent): void {
    this.#held.set(event.id, event);
    if (this.#held.size <= MAX_HELD) return;
    const oldest = this.#held.keys().next().value;
    if (oldest !== undefined) this.#held.delete(oldest);
    this.#hasForgotten = true;
  }

  /** Answers the alarm where it came in here and nobody had told of it yet. */
  decided(id: EventId): AlarmEvent | null {
    const event = this.#held.get(id) ?? null;
    this.#held.delete(id);
    return event;
  }

  all(): readonly AlarmEvent[] {
    return [...this.#held.values()];
  }

  /** Whether some were not kept, so that only the journal has them. */
  hasForgotten(): boolean {
    return this.#hasForgotten;
  }
}
