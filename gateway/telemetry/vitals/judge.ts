import { READING_FLAGS, type Reading } from '../../../devices/reading.ts';
import type { Observation } from '../observation.ts';
import { REMEMBERED, type RecentReadings } from './recent.ts';
import { tellApart } from './tell-apart.ts';

const HOUR_MS = 3_600_000;
/** What a device's clock may say, seen from receipt (design §5). */
const OLDEST_MS = 30 * 24 * HOUR_MS;
const NEWEST_MS = HOUR_MS;

export type Judged = {
  /** In the order of the message. */
  readonly observations: Observation[];
  /** Readings that were said before, here or in the last messages. */
  readonly repeats: number;
};

/**
 * What is believed of a message: whose readings these are and when they were taken. A time outside of [receipt − 30 d,
 * receipt + 1 h] becomes the time of receipt and is flagged; it is decided here and once, so that a replay of the spool gives the
 * same rows. `wearerAt` tells who alone wore the device at a moment. Pure but for what `recent` remembers.
 */
export function judgeMessage(
  message: { readonly deviceId: string; readonly readings: readonly Reading[]; readonly receivedAt: number },
  wearerAt: (deviceId: string, atMs: number) => string | null,
  recent: RecentReadings,
): Judged {
  const { deviceId, readings } = message;
  const receivedAt = Math.round(message.receivedAt);
  const isUntimed = readings.every(({ at }) => at === undefined || !isCredible(at, receivedAt));
  if (isUntimed && readings.length > 0 && recent.isSameMessage(deviceId, readings, receivedAt)) {
    return { observations: [], repeats: readings.length };
  }
  const observations: Observation[] = [];
  // Of so few `recent` knows them all.
  const apart = readings.length > REMEMBERED ? tellApart(readings) : readings;
  for (const { metric, value, at, flags } of apart) {
    const isBelieved = at !== undefined && isCredible(at, receivedAt);
    const wanted = isBelieved ? at : recent.makeUpTs(deviceId, metric, receivedAt);
    const ts = wanted === undefined ? undefined : recent.place(deviceId, metric, wanted, value);
    if (ts === undefined) continue;
    observations.push({
      deviceId,
      residentId: wearerAt(deviceId, ts),
      ts,
      metric,
      value,
      flags: at === undefined || isBelieved ? flags : flags | READING_FLAGS.clock,
      receivedAt,
    });
  }
  return { observations, repeats: readings.length - observations.length };
}

function isCredible(at: number, receivedAt: number): boolean {
  return at >= receivedAt - OLDEST_MS && at <= receivedAt + NEWEST_MS;
}
