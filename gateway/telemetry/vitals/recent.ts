import type { Reading } from '../../../devices/reading.ts';

/** Readings of each device that are remembered; chosen: a message that is sent again holds few more. */
export const REMEMBERED = 16;
/** Devices that are remembered; chosen: those that spoke last of any fleet that one gateway serves. */
const MAX_DEVICES = 50_000;
/** A message without any time, and with the same readings in it, is the same message for so long (design §4: 5 s). */
const SAME_MESSAGE_MS = 5_000;
/** How far readings without a time of their own may be moved apart; beyond it they are too many to tell apart. */
const MAX_SPREAD_MS = 1_000;
/** Metrics of one device without a clock; chosen. */
const MAX_MADE_UP = 64;
const FIELDS = 3;

type Entry = {
  /** Metric, time and value of each, flat: this is kept for every device. */
  readonly ring: number[];
  next: number;
  /** What the last message without a time said, and when it came. */
  untimed: readonly Reading[];
  untimedAt: number;
  /** The last time that was made up for each metric; null for devices that tell the time. */
  madeUp: Map<string, number> | null;
};

/** What devices said of late, so that what they say again is known. Bounded; forgets those first that were silent for longest. */
export class RecentReadings {
  readonly #devices = new Map<string, Entry>();
  readonly #metricNumbers = new Map<string, number>();

  /** Whether this message, in which nothing has a time, is the last one once more. Remembers it if not. */
  isSameMessage(deviceId: string, readings: readonly Reading[], receivedAt: number): boolean {
    const entry = this.#entry(deviceId);
    const ageMs = receivedAt - entry.untimedAt;
    if (ageMs >= 0 && ageMs <= SAME_MESSAGE_MS && isSame(entry.untimed, readings)) return true;
    entry.untimed = readings;
    entry.untimedAt = receivedAt;
    return false;
  }

  /**
   * When a reading counts as taken: at its time, or in the next free millisecond where the device said another value of the
   * metric for that; remembered. Undefined where it has said just this before.
   */
  place(deviceId: string, metric: string, at: number, value: number): number | undefined {
    const entry = this.#entry(deviceId);
    const number = this.#numberOf(metric);
    let ts = at;
    for (
      let other = findValue(entry.ring, number, ts);
      other !== undefined;
      other = findValue(entry.ring, number, ts)
    ) {
      if (other === value) return undefined;
      ts += 1;
    }
    entry.ring.splice(entry.next, FIELDS, number, ts, value);
    entry.next = (entry.next + FIELDS) % (REMEMBERED * FIELDS);
    return ts;
  }

  /**
   * A time for a reading that has none to be believed: that of receipt, and a millisecond after the one before where several
   * of a metric come at once, so that none takes another's place. Undefined when they are too many.
   */
  makeUpTs(deviceId: string, metric: string, receivedAt: number): number | undefined {
    const entry = this.#entry(deviceId);
    const madeUp = (entry.madeUp ??= new Map());
    const last = madeUp.get(metric) ?? -Infinity;
    const isNear = Math.abs(last - receivedAt) <= MAX_SPREAD_MS;
    const ts = isNear ? Math.max(receivedAt, last + 1) : receivedAt;
    if (ts - receivedAt >= MAX_SPREAD_MS) return undefined;
    if (madeUp.size >= MAX_MADE_UP) madeUp.clear();
    madeUp.set(metric, ts);
    return ts;
  }

  #entry(deviceId: string): Entry {
    const found = this.#devices.get(deviceId);
    if (found !== undefined) {
      // Last in the order of the map.
      this.#devices.delete(deviceId);
      this.#devices.set(deviceId, found);
      return found;
    }
    const [oldest] = this.#devices.keys();
    if (this.#devices.size >= MAX_DEVICES && oldest !== undefined) this.#devices.delete(oldest);
    const entry: Entry = { ring: [], next: 0, untimed: [], untimedAt: -Infinity, madeUp: null };
    this.#devices.set(deviceId, entry);
    return entry;
  }

  /** The list of metrics is open: beyond a bound they share a number, and a repeat may not be known as one. */
  #numberOf(metric: string): number {
    const found = this.#metricNumbers.get(metric);
    if (found !== undefined) return found;
    if (this.#metricNumbers.size >= 10_000) return Number.NaN;
    this.#metricNumbers.set(metric, this.#metricNumbers.size);
    return this.#metricNumbers.size - 1;
  }
}

function findValue(ring: readonly number[], number: number, ts: number): number | undefined {
  for (let at = 0; at < ring.length; at += FIELDS) {
    if (ring[at + 1] === ts && ring[at] === number) return ring[at + 2];
  }
  return undefined;
}

function isSame(some: readonly Reading[], others: readonly Reading[]): boolean {
  return (
    some.length === others.length &&
    some.every((reading, index) => {
      const other = others[index];
      return (
        other !== undefined &&
        reading.metric === other.metric &&
        reading.value === other.value &&
        reading.at === other.at &&
        reading.flags === other.flags
      );
    })
  );
}
