import { encodeRows } from '../../../../gateway/telemetry/vitals/record.ts';
import type { Observation } from '../../../../gateway/telemetry/observation.ts';

export const T0 = 1_772_323_200_000;

export function rowOf(deviceId: string, offsetMs: number, more: Partial<Observation> = {}): Observation {
  return {
    deviceId,
    residentId: 'r-1',
    ts: T0 + offsetMs,
    metric: 'heart-rate',
    value: 70,
    flags: 0,
    receivedAt: T0 + offsetMs,
    ...more,
  };
}

/** As the main thread hands it to the spool's. */
export function payloadOf(...rows: readonly Observation[]): Buffer {
  const bytes = encodeRows(rows);
  if (bytes === undefined) throw new Error('these rows cannot be written');
  return bytes;
}
