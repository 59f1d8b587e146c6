import type { DeviceModel } from '../../../devices/catalog/model.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * After how many of its model's heartbeats, and so much more, a device is told as silent; chosen. What hangs on a wall has its line
 * and reports; who carries one is now and then where no radio reaches.
 */
export const SILENT_AFTER = {
  fixed: { heartbeats: 3, slackMs: MINUTE_MS },
  carried: { heartbeats: 4, slackMs: 5 * MINUTE_MS },
} as const satisfies Record<DeviceModel['mobility'], { readonly heartbeats: number; readonly slackMs: number }>;

/** What of a model says when it is silent; one that gives no sign of life can never be. */
export type Reporting = { readonly mobility: DeviceModel['mobility']; readonly heartbeatS: number };

/** Milliseconds without a sign of life after which a device of this model is told as silent. */
export function silentAfterMs({ mobility, heartbeatS }: Reporting): number {
  const { heartbeats, slackMs } = SILENT_AFTER[mobility];
  return heartbeats * heartbeatS * 1000 + slackMs;
}

/** All chosen; milliseconds but for `atOnce`. */
export type SilenceLimits = {
  /** Nobody is told as silent before this gateway has heard for so long without a break: devices come back first. */
  readonly graceMs: number;
  /** So many cases of single devices, fixed and carried each, in `windowMs`; where more fall silent the rest is one case, of many. */
  readonly atOnce: number;
  readonly windowMs: number;
  /** After so long each of many has a case of its own, although the cause may last: longer than most power cuts. */
  readonly holdMs: number;
  /** A case that somebody closed although the device stays silent comes again after so long. */
  readonly againMs: number;
  /** So many devices are asked about at a look, fixed and carried by turns. */
  readonly asked: number;
};

export const SILENCE_LIMITS: SilenceLimits = {
  graceMs: 5 * MINUTE_MS,
  atOnce: 10,
  windowMs: 10 * MINUTE_MS,
  holdMs: 4 * HOUR_MS,
  againMs: 24 * HOUR_MS,
  asked: 1000,
};
