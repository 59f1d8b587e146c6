import type { Clock } from '../../clock.ts';
import { BoundedMap } from './bounded-map.ts';

/** How a case of a device is sent; `onFailure` where nothing kept it. */
export type SendCase = (kind: 'alarm' | 'restored', deviceId: string, detail: string, onFailure: () => void) => void;

type Matter = { raisedMonoMs: number | null; isRestored: boolean; restoredMonoMs: number | null };

const MAX_DEVICES = 20_000;
/** One that was closed by hand although it lasts is told again no sooner than this. Chosen. */
const AGAIN_AFTER_MS = 24 * 60 * 60_000;
/** What was restored and comes again is told no sooner after it was told first: a night has one of them. Chosen. */
const NIGHT_MS = 8 * 60 * 60_000;
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
    const matter = this.#matters.get(deviceKey);
    return (matter !== undefined && matter.raisedMonoMs !== null && !matter.isRestored) || this.#isOpen(deviceKey);
  }

  raise(deviceKey: string, deviceId: string, detail: string): void {
    const matter = this.#matters.get(deviceKey) ?? newMatter();
    const now = this.#clock.monoMs();
    const pauseMs = matter.isRestored ? NIGHT_MS : AGAIN_AFTER_MS;
    if (matter.raisedMonoMs !== null && now - matter.raisedMonoMs < pauseMs) return;
    this.#matters.set(deviceKey, matter);
    Object.assign(matter, { raisedMonoMs: now, isRestored: false, restoredMonoMs: null });
    if (this.#isOpen(deviceKey)) return;
    this.#send('alarm', deviceId, detail, () => {
      matter.raisedMonoMs = null;
    });
  }

  restore(deviceKey: string, deviceId: string, detail: string): void {
    if (!this.mayStand(deviceKey)) return;
    const matter = this.#matters.get(deviceKey) ?? newMatter();
    this.#matters.set(deviceKey, matter);
    const now = this.#clock.monoMs();
    // One that an earlier run or another gateway raised counts from now.
    matter.raisedMonoMs ??= now;
    matter.isRestored = true;
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

function newMatter(): Matter {
  return { raisedMonoMs: null, isRestored: false, restoredMonoMs: null };
}
