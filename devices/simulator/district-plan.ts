import type { DeviceAlarmType } from '../alarm-types.ts';
import type { DeviceModel } from '../catalog/model.ts';

const HOUR_MS = 3_600_000;

/** Milliseconds to the next press of one device that is pressed so often on average (a Poisson process); never below 1 s. */
export function nextPressInMs(pressesPerHour: number, random: () => number): number {
  return Math.max(1000, (-Math.log(1 - random()) * HOUR_MS) / pressesPerHour);
}

/** Chosen: most presses are keys; one in five is what the device says by itself. */
const OWN_WORD_SHARE = 0.2;

export function choosePress(model: DeviceModel, random: () => number): DeviceAlarmType {
  const own = model.raises;
  const keys = model.keys.map((key) => key.raises);
  const isOwn = own.length > 0 && random() < OWN_WORD_SHARE;
  const from = isOwn || keys.length === 0 ? own : keys;
  return from[Math.floor(random() * from.length)] ?? 'sos';
}

/** Between 90 and 110 % of it, so that a district does not speak in one voice. */
export function withJitter(intervalMs: number, random: () => number): number {
  return intervalMs * (0.9 + random() * 0.2);
}
