import type { LogItem } from './log/log-reader.ts';
import { LOG_START, comparePositions, type LogPosition } from './log/log-position.ts';
import { isOpen, type IncidentRecord, type OpenIncident } from './record.ts';

/** How many of the newest log items stay in memory for consoles that come back after a short break. */
const RECENT_LIMIT = 5000;

/**
 * All open incidents in memory, as of a position of the log. Every gateway has all of them: lists, the feed and the
 * deadlines are answered from here. Pure bookkeeping: `log-tail.ts` feeds it.
 */
export class Board {
  readonly #open = new Map<string, OpenIncident>();
  #recent: LogItem[] = [];
  #asOf: LogPosition = LOG_START;
  #recentAfter: LogPosition = LOG_START;

  /** Starts over from what the store holds. `asOf` was read *before* the incidents, so nothing can fall between. */
  reset(incidents: readonly IncidentRecord[], asOf: LogPosition): void {
    this.#open.clear();
    for (const incident of incidents) if (isOpen(incident)) this.#open.set(incident.id, incident);
    this.#recent = [];
    this.#asOf = asOf;
    this.#recentAfter = asOf;
  }

  /** Takes one item; an older version never overwrites a newer one. False when the item was already taken. */
  apply(item: LogItem): boolean {
    if (comparePositions(item.id, this.#asOf) <= 0) return false;
    this.#asOf = item.id;
    this.#recent.push(item);
    if (this.#recent.length > RECENT_LIMIT) {
      const dropped = this.#recent.splice(0, this.#recent.length - RECENT_LIMIT);
      this.#recentAfter = dropped.at(-1)?.id ?? this.#recentAfter;
    }
    if (item.incident !== null) this.#put(item.incident);
    return true;
  }

  /** Takes a record that the log did not bring, as the auditor reads it from the store. */
  adopt(incident: IncidentRecord): void {
    this.#put(incident);
  }

  /** Takes an incident as this gateway alone has it: without a place in the log. */
  putLocal(incident: IncidentRecord): void {
    this.#put(incident);
  }

  #put(incident: IncidentRecord): void {
    const known = this.#open.get(incident.id);
    if (known !== undefined && known.version > incident.version) return;
    if (isOpen(incident)) this.#open.set(incident.id, incident);
    else this.#open.delete(incident.id);
  }

  asOf(): LogPosition {
    return this.#asOf;
  }

  open(): readonly OpenIncident[] {
    return [...this.#open.values()];
  }

  find(id: string): OpenIncident | undefined {
    return this.#open.get(id);
  }

  /** Items after a position, or null when they are no longer all in memory. */
  recentAfter(position: LogPosition): readonly LogItem[] | null {
    if (comparePositions(position, this.#recentAfter) < 0) return null;
    return this.#recent.slice(firstAfter(this.#recent, position));
  }
}

/** Index of the first item after the position; the list is in order. */
function firstAfter(items: readonly LogItem[], position: LogPosition): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && comparePositions(item.id, position) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
