import type { Clock } from '../../clock.ts';
import { BoundedMap } from './bounded-map.ts';

/** How a case of a device is sent; `onFailure` where nothing kept it. */
export type SendCase = (kind: 'alarm' | 'restored', deviceId: string, detail: string, onFailure: () => void) => void;

type Matter = { raisedMonoMs: number | null; restoredMonoMs: number | null };

const MAX_DEVICES = 20_000;
/** One that was closed by hand although it lasts is told again no sooner than this. Chosen. */
const AGAIN_AFTER_MS = 24 * 60 * 60_000;
/** One that could not be closed is tried again no sooner than this: the first may be on its way. Chosen. */
const RETRY_MS = 60_000;

/**
 * One technical case a device. What stands open is asked of the board, so that a start of the gateway or a device that moves
 * to another one neither opens a second nor leaves the first.
 */
export class DeviceCase {
  readonly #send: SendCase;
  readonly #isOpen: (deviceKey: string) => boolean;
  readonly #clock: Pick<Clock, 'monoMs'>;
  readonly #matters = new BoundedMap<string, Matter>(MAX_DEVICES);

  constructor(deps: {
    readonly send: SendCase;
    /** Whether such a case of the device and its present wearer is open. */
    readonly isOpen: (deviceKey: string) => boolean;
    readonly clock: Pick<Clock, 'monoMs'>;
  }) {
    this.#send = deps.send;
    this.#isOpen = deps.isOpen;
    this.#clock = deps.clock;
  }

  /** Whether there may be something to restore. */
  mayStand(deviceKey: string): boolean {
    return this.#matters.get(deviceKey)?.raisedMonoMs != null || this.#isOpen(deviceKey);
  }

  raise(deviceKey: string, deviceId: string, detail: string): void {
    const matter = this.#matters.get(deviceKey) ?? { raisedMonoMs: null, restoredMonoMs: null };
    const now = this.#clock.monoMs();
    if (matter.raisedMonoMs !== null && now - matter.raisedMonoMs < AGAIN_AFTER_MS) return;
    this.#matters.set(deviceKey, matter);
    matter.raisedMonoMs = now;
    matter.restoredMonoMs = null;
    if (this.#isOpen(deviceKey)) return;
    this.#send('alarm', deviceId, detail, () => {
      matter.raisedMonoMs = null;
    });
  }

  restore(deviceKey: string, deviceId: string, detail: string): void {
    if (!this.mayStand(deviceKey)) return;
    const matter = this.#matters.get(deviceKey) ?? { raisedMonoMs: null, restoredMonoMs: null };
    this.#matters.set(deviceKey, matter);
    const now = this.#clock.monoMs();
    matter.raisedMonoMs = null;
    if (matter.restoredMonoMs !== null && now - matter.restoredMonoMs < RETRY_MS) return;
    matter.restoredMonoMs = now;
    this.#send('restored', deviceId, detail, () => {
      matter.restoredMonoMs = null;
    });
  }

  forget(deviceKey: string): void {
    this.#matters.delete(deviceKey);
  }
}
