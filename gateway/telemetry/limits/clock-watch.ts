import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Observation } from '../observation.ts';
import { BoundedMap } from './bounded-map.ts';
import type { DeviceCase } from './device-case.ts';
import { isProved, takeClock, type ClockRun } from './device-clock.ts';

const MAX_DEVICES = 20_000;
const HOUR_MS = 60 * 60_000;

/** Looks at the clock of each device, one technical case where it is wrong. In memory alone: a start begins anew. */
export class ClockWatch {
  readonly #matter: Pick<DeviceCase, 'raise' | 'restore'>;
  readonly #runs = new BoundedMap<string, ClockRun>(MAX_DEVICES);

  constructor(matter: Pick<DeviceCase, 'raise' | 'restore'>) {
    this.#matter = matter;
  }

  /** Readings of one message. Answers whether their times, as far as they were believed, are worth nothing. */
  take(
    { deviceId, deviceKey }: { readonly deviceId: string; readonly deviceKey: string },
    readings: readonly Pick<Observation, 'ts' | 'flags'>[],
    receivedAt: number,
  ): boolean {
    // A metric with a time beyond belief says nothing where others have one: it may have been kept, or be another sensor’s.
    const believed = readings.filter(({ flags }) => (flags & READING_FLAGS.clock) === 0);
    const newest = believed.reduce((most, { ts }) => Math.max(most, ts), -Infinity);
    const seen = believed.length === 0 ? 'wild' : receivedAt - newest;
    const run = takeClock(this.#runs.get(deviceKey), seen, receivedAt);
    this.#runs.set(deviceKey, run);
    if (!isProved(run)) return false;
    if (run.kind === 'right') this.#matter.restore(deviceKey, deviceId, 'right again');
    else this.#matter.raise(deviceKey, deviceId, describe(run));
    return run.kind === 'off';
  }
}

function describe({ kind, behindMs }: ClockRun): string {
  return kind === 'off'
    ? `${Math.round(behindMs / HOUR_MS)} h behind`
    : 'more than an hour ahead, or more than 30 days behind';
}
