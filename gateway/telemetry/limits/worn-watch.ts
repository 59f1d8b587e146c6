import { BoundedMap } from './bounded-map.ts';
import type { DeviceCase } from './device-case.ts';
import { findMeasuring } from './measuring.ts';
import { isLoose, isWornWell, MAX_METRICS, takeQuality, type Worn } from './worn.ts';

const MAX_DEVICES = 20_000;

/** One technical case for a sensor that sits badly, closed by good readings. */
export class WornWatch {
  readonly #matter: DeviceCase;
  readonly #devices = new BoundedMap<string, Map<string, Worn>>(MAX_DEVICES);

  constructor(matter: DeviceCase) {
    this.#matter = matter;
  }

  take(
    { deviceId, deviceKey }: { readonly deviceId: string; readonly deviceKey: string },
    { metric, ts, receivedAt }: { readonly metric: string; readonly ts: number; readonly receivedAt: number },
    isGood: boolean,
  ): void {
    const metrics = this.#devices.get(deviceKey) ?? new Map<string, Worn>();
    this.#devices.set(deviceKey, metrics);
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
