import { setTimeout as delay } from 'node:timers/promises';
import { afterwards } from '../../harness/cleanup.ts';
import { connectDevice, type Credentials, type DeviceLink } from './device.ts';

/** Between two presses, and before another attempt to connect. */
const PAUSE_MS = 50;
const RECONNECT_MS = 20;

export type Presser = {
  /** The texts of its presses: one each, never used again. */
  readonly acked: ReadonlySet<string>;
  /** How often a connection ended under a press that was not acknowledged yet. */
  readonly cutOff: () => number;
  /** Its connection ends now; it comes back by itself. */
  readonly cut: () => void;
  /** Ends it once its last press is acknowledged. */
  readonly stop: () => Promise<void>;
};

/**
 * A device that presses without end, or `atMost` times. A press that was not acknowledged is sent again on the next connection exactly as it
 * was, as a real device does; so it may come twice and must be one alarm.
 */
export function keepPressing(device: Credentials, pauseMs = PAUSE_MS, atMost = Infinity): Presser {
  const acked = new Set<string>();
  let isStopping = false;
  let isOver = false;
  let cutOff = 0;
  let count = 0;
  let current: DeviceLink | undefined;
  let press: Readonly<Record<string, unknown>> | null = null;

  const isDone = (): boolean => isOver || ((isStopping || count >= atMost) && press === null);

  async function pressOn(link: DeviceLink): Promise<void> {
    while (!link.isClosed() && !isDone()) {
      if (press === null) {
        count += 1;
        const text = `${device.deviceId} ${count}`;
        press = { type: 'sos', id: String(count), at: Date.now(), text };
      }
      if (await link.press(press)) {
        acked.add(String(press['text']));
        press = null;
        await delay(pauseMs);
      } else cutOff += 1;
    }
    link.cut();
  }

  async function run(): Promise<void> {
    while (!isDone()) {
      const link = await connectDevice(device).catch(() => undefined);
      if (link === undefined) await delay(RECONNECT_MS);
      else {
        current = link;
        await pressOn(link);
      }
    }
  }

  const running = run();
  afterwards(() => {
    isOver = true;
  });
  return {
    acked,
    cutOff: () => cutOff,
    cut: () => current?.cut(),
    stop: async () => {
      isStopping = true;
      await running;
    },
  };
}
