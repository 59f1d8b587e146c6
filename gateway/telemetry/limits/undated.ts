import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Observation } from '../observation.ts';
import { BoundedMap } from './bounded-map.ts';

/**
 * Of readings whose time nobody knows one counts in so long: what comes faster was kept and is sent at once. Design §4
 * Identity has the same 5 s for the same content.
 */
export const UNDATED_EVERY_MS = 5_000;
/** The vitals lane moves readings without a time apart by less than this (`vitals/recent.ts`). */
const SPREAD_MS = 1_000;
/** Metrics of devices. Chosen. */
const MAX_SERIES = 60_000;

/** Chooses of the readings of one message those that count, and when they count as measured. */
export class Undated {
  readonly #counted = new BoundedMap<string, number>(MAX_SERIES);

  /**
   * A reading without a time, or with a wrong one, counts at its receipt: a person must not lie unseen because a clock is
   * wrong. But a message may hold hours of them, and nothing tells that they were not measured at one moment: the last of
   * each metric stands for all. `isClockWrong`: no time of the message is worth anything.
   */
  pick(deviceKey: string, readings: readonly Observation[], isClockWrong: boolean): readonly Observation[] {
    const isUndated = (reading: Observation): boolean => isClockWrong || hasNoTime(reading);
    if (!readings.some(isUndated)) return readings;
    const [undated, dated] = [readings.filter(isUndated), readings.filter((reading) => !isUndated(reading))];
    const last = new Map(undated.toSorted((a, b) => a.ts - b.ts).map((reading) => [reading.metric, reading]));
    const counted = [...last.values()].filter((reading) => this.#mayCount(deviceKey, reading));
    const clock = isClockWrong ? READING_FLAGS.clock : 0;
    return [
      ...dated,
      ...counted.map((reading) => ({ ...reading, ts: reading.receivedAt, flags: reading.flags | clock })),
    ];
  }

  #mayCount(deviceKey: string, { metric, receivedAt }: Observation): boolean {
    const key = `${deviceKey} ${metric}`;
    const ageMs = receivedAt - (this.#counted.get(key) ?? -Infinity);
    // A gateway's own clock may be set back.
    if (ageMs >= 0 && ageMs < UNDATED_EVERY_MS) return false;
    this.#counted.set(key, receivedAt);
    return true;
  }
}

/** Its time is that of its receipt; a clock that is right to the millisecond costs nothing by being taken for none. */
function hasNoTime({ ts, receivedAt, flags }: Observation): boolean {
  return (flags & READING_FLAGS.clock) !== 0 || (ts >= receivedAt && ts - receivedAt < SPREAD_MS);
}
