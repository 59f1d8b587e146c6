import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Observation } from '../observation.ts';
import { BoundedMap } from './bounded-map.ts';
import type { DeviceCase } from './device-case.ts';
import { findMeasuring } from './measuring.ts';
import { isLoose, isWornWell, MAX_METRICS, takeQuality, type Worn } from './worn.ts';

const MAX_DEVICES = 20_000;
const BAD = READING_FLAGS.notWorn | READING_FLAGS.poor | READING_FLAGS.implausible;

type DeviceOf = { readonly deviceId: string; readonly deviceKey: string };

/** One technical case for a sensor that sits badly, closed by good readings. */
export class WornWatch {
  readonly #matter: DeviceCase;
  readonly #devices = new BoundedMap<string, Map<string, Worn>>(MAX_DEVICES);

  constructor(matter: DeviceCase) {
    this.#matter = matter;
  }

  /** Readings of one message, in the order of measuring. */
  take(wearing: DeviceOf, readings: readonly Observation[]): void {
    const metrics = this.#devices.get(wearing.deviceKey) ?? new Map<string, Worn>();
    for (const reading of readings) {
      if ((reading.flags & BAD) !== 0) this.#take(wearing, metrics, reading, false);
      else if ((reading.flags & READING_FLAGS.unknownUnit) === 0) this.#take(wearing, metrics, reading, true);
    }
    if (metrics.size > 0) this.#devices.set(wearing.deviceKey, metrics);
  }

  #take({ deviceId, deviceKey }: DeviceOf, metrics: Map<string, Worn>, reading: Observation, isGood: boolean): void {
    const { metric, ts, receivedAt } = reading;
    const before = metrics.get(metric);
    if (before === undefined && metrics.size >= MAX_METRICS) return;
    const worn = takeQuality(before, ts, isGood, receivedAt, findMeasuring(metric).gapMs);
    metrics.set(metric, worn);
    if (!isGood) {
      if (isLoose(worn)) this.#matter.raise(deviceKey, deviceId, metric);
    } else if (this.#matter.mayStand(deviceKey) && isWornWell(metrics.values())) {
      this.#matter.restore(deviceKey, deviceId, metric);
    }
  }

  forget(deviceKey: string): void {
    this.#devices.delete(deviceKey);
    this.#matter.forget(deviceKey);
  }
}
