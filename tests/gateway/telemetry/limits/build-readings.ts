import type { Observation } from '../../../../gateway/telemetry/observation.ts';
import { T0 } from './rules-world.ts';

/** Of SpO2, beyond the default, as it comes in a moment after it was measured. */
export function reading(changes: Partial<Observation> = {}): Observation {
  const ts = changes.ts ?? T0;
  return {
    ...{ deviceId: 'watch-1', residentId: 'r-1', metric: 'spo2', value: 86, flags: 0, receivedAt: ts + 50 },
    ...changes,
    ts,
  };
}

/** Every ten seconds. */
export const every = (...each: Partial<Observation>[]): Observation[] =>
  each.map((changes, index) => reading({ ts: T0 + index * 10_000, ...changes }));
