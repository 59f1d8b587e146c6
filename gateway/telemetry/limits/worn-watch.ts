import type { Clock } from '../../clock.ts';
import { BoundedMap } from './bounded-map.ts';
import type { RuleAlarms } from './rule-alarms.ts';
import { isLoose, isWornWell, MAX_METRICS, takeQuality, type Worn } from './worn.ts';

type Device = {
  readonly metrics: Map<string, Worn>;
  /** Raised for this run of bad readings; monotonic. */
  raisedMonoMs: number | null;
  restoredMonoMs: number | null;
};

const MAX_DEVICES = 20_000;
/** A sensor that was never worn well since somebody closed its case is told of again no sooner than this. Chosen. */
const AGAIN_AFTER_MS = 24 * 60 * 60_000;
/** One that could not be closed is tried again no sooner than this: the first may be on its way. Chosen. */
const RETRY_MS = 60_000;

/**
 * One technical incident for a sensor that sits badly, closed by good readings. What stands open is asked of the board, so that
 * a start of the gateway or a device that moves to another one neither opens a second nor leaves the first.
 */
export class WornWatch {
  readonly #alarms: Pick<RuleAlarms, 'worn'>;
  readonly #isOpen: (deviceKey: string) => boolean;
  readonly #clock: Pick<Clock, 'monoMs'>;
  readonly #devices = new BoundedMap<string, Device>(MAX_DEVICES);

  constructor(deps: {
    readonly alarms: Pick<RuleAlarms, 'worn'>;
    /** Whether such a case of the device and its present wearer is open. */
    readonly isOpen: (deviceKey: string) => boolean;
    readonly clock: Pick<Clock, 'monoMs'>;
  }) {
    this.#alarms = deps.alarms;
    this.#isOpen = deps.isOpen;
    this.#clock = deps.clock;
  }

  take(
    { deviceId, deviceKey }: { readonly deviceId: string; readonly deviceKey: string },
    { metric, ts, receivedAt }: { readonly metric: string; readonly ts: number; readonly receivedAt: number },
    isGood: boolean,
  ): void {
    const device: Device = this.#devices.get(deviceKey) ?? newDevice();
    this.#devices.set(deviceKey, device);
    const before = device.metrics.get(metric);
    if (before === undefined && device.metrics.size >= MAX_METRICS) return;
    const worn = takeQuality(before, ts, isGood, receivedAt);
    device.metrics.set(metric, worn);
    if (isGood) this.#restore(device, deviceId, deviceKey, metric);
    else if (isLoose(worn)) this.#raise(device, deviceId, deviceKey, metric);
  }

  forget(deviceKey: string): void {
    this.#devices.delete(deviceKey);
  }

  #raise(device: Device, deviceId: string, deviceKey: string, metric: string): void {
    const now = this.#clock.monoMs();
    if (device.raisedMonoMs !== null && now - device.raisedMonoMs < AGAIN_AFTER_MS) return;
    device.raisedMonoMs = now;
    device.restoredMonoMs = null;
    if (this.#isOpen(deviceKey)) return;
    this.#alarms.worn('alarm', deviceId, metric, () => {
      device.raisedMonoMs = null;
    });
  }

  #restore(device: Device, deviceId: string, deviceKey: string, metric: string): void {
    if (device.raisedMonoMs === null && !this.#isOpen(deviceKey)) return;
    if (!isWornWell(device.metrics.values())) return;
    const now = this.#clock.monoMs();
    device.raisedMonoMs = null;
    if (device.restoredMonoMs !== null && now - device.restoredMonoMs < RETRY_MS) return;
    device.restoredMonoMs = now;
    this.#alarms.worn('restored', deviceId, metric, () => {
      device.restoredMonoMs = null;
    });
  }
}

function newDevice(): Device {
  return { metrics: new Map(), raisedMonoMs: null, restoredMonoMs: null };
}
