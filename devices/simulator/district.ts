import type { Logger } from 'pino';
import { choosePress, nextPressInMs, withJitter } from './district-plan.ts';
import type { VirtualDevice } from './virtual-device.ts';

/** What a district needs of a device. */
export type DistrictDevice = Pick<
  VirtualDevice,
  'deviceId' | 'model' | 'connect' | 'press' | 'heartbeat' | 'vitals' | 'disconnect'
>;

export type DistrictOptions = {
  readonly devices: readonly DistrictDevice[];
  readonly random: () => number;
  readonly logger: Logger;
  /** Of each device, on average; 0: nobody presses. */
  readonly pressesPerDeviceHour: number;
  readonly vitalsEveryMs?: number;
  /** Instead of the model's own interval. */
  readonly heartbeatEveryMs?: number;
  /** Over how long the devices come on, so that they do not all at once. */
  readonly rampMs?: number;
};

const VITALS_EVERY_MS = 60_000;

export type District = {
  /** Begins; devices connect one after the other over `rampMs`. Twice is once. */
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly counts: () => { readonly connected: number; readonly pressed: number; readonly acknowledged: number };
};

/** A district of virtual devices: heartbeats, vital signs, and a press now and then. */
export function createDistrict(options: DistrictOptions): District {
  const { devices, random, logger, pressesPerDeviceHour, rampMs = 0 } = options;
  const timers = new Set<NodeJS.Timeout>();
  const counts = { connected: 0, pressed: 0, acknowledged: 0 };
  let isRunning = false;

  function after(delayMs: number, work: () => Promise<void>): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work().catch((error: unknown) => {
        if (isRunning) logger.warn({ err: error }, 'a virtual device failed');
      });
    }, delayMs);
    timers.add(timer);
  }

  /** Again and again, counted from the end of the one before; a failure does not end it. */
  function every(nextMs: () => number, work: () => Promise<void>): void {
    after(nextMs(), async () => {
      try {
        await work();
      } finally {
        if (isRunning) every(nextMs, work);
      }
    });
  }

  async function live(device: DistrictDevice): Promise<void> {
    await device.connect();
    if (!isRunning) return;
    counts.connected += 1;
    await device.heartbeat();
    const { heartbeatS } = device.model;
    const heartbeatMs = options.heartbeatEveryMs ?? (heartbeatS === null ? null : heartbeatS * 1000);
    if (heartbeatMs !== null) every(() => withJitter(heartbeatMs, random), device.heartbeat);
    if (device.model.metrics.length > 0) {
      await device.vitals();
      every(() => withJitter(options.vitalsEveryMs ?? VITALS_EVERY_MS, random), device.vitals);
    }
    if (pressesPerDeviceHour <= 0) return;
    every(
      () => nextPressInMs(pressesPerDeviceHour, random),
      async () => {
        counts.pressed += 1;
        const { type } = await device.press(choosePress(device.model, random));
        counts.acknowledged += 1;
        logger.info({ deviceId: device.deviceId, type }, 'virtual press acknowledged');
      },
    );
  }

  return {
    start: () => {
      if (isRunning) return;
      isRunning = true;
      devices.forEach((device, index) => after((index * rampMs) / devices.length, () => live(device)));
    },
    stop: async () => {
      isRunning = false;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all(devices.map((device) => device.disconnect()));
    },
    counts: () => ({ ...counts }),
  };
}
