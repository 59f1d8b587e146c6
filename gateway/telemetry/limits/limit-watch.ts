import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Directory } from '../../registry/directory.ts';
import type { Observation } from '../observation.ts';
import { BoundedMap } from './bounded-map.ts';
import { findLimits } from './effective-limits.ts';
import type { RuleAlarms } from './rule-alarms.ts';
import { asNeverRang, EMPTY_SERIES, takeReading, type Series } from './series.ts';

/** Whose readings stand together, and how they were bound when they came in. */
export type Wearing = {
  readonly deviceId: string;
  /** The device with its present wearer, as in the open-index of incidents. */
  readonly deviceKey: string;
  readonly binding: number;
  /** Null where nobody or more than one person wears it. */
  readonly residentId: string | null;
};

/** Twice the wearables that one gateway is built for (issue 4); the longest silent begins anew. Chosen. */
const MAX_PERSONS = 20_000;
/** What is older when it arrives tells nothing of how the person is; it is kept and drawn. Chosen. */
const TOO_OLD_MS = 24 * 60 * 60_000;

/** Holds the readings of each person against what is well for them. In memory alone: a start begins anew. */
export class LimitWatch {
  readonly #alarms: Pick<RuleAlarms, 'vitals'>;
  /** By person, then by metric: what a score over several metrics will read. */
  readonly #persons = new BoundedMap<string, Map<string, Series>>(MAX_PERSONS);

  constructor(alarms: Pick<RuleAlarms, 'vitals'>) {
    this.#alarms = alarms;
  }

  /** One reading without any flag but that of the clock. */
  take(reading: Observation, wearing: Wearing, directory: Pick<Directory, 'deviceAt' | 'limitsOf'>): void {
    const { deviceId, metric, ts, value, receivedAt } = reading;
    if (receivedAt - ts > TOO_OLD_MS || !isOfWearer(reading, wearing, directory)) return;
    const { residentId } = wearing;
    const limits = findLimits(residentId === null ? [] : directory.limitsOf(residentId).limits, metric);
    if (limits === null) return;
    const subject = subjectOf(wearing);
    const metrics = this.#persons.get(subject) ?? new Map<string, Series>();
    const { series, verdict } = takeReading(metrics.get(metric) ?? EMPTY_SERIES, { ts, value }, limits, receivedAt);
    metrics.set(metric, series);
    this.#persons.set(subject, metrics);
    if (verdict === null) return;
    const isClockWrong = (reading.flags & READING_FLAGS.clock) !== 0;
    this.#alarms.vitals(deviceId, metric, verdict, { atMs: receivedAt, isClockWrong }, () => {
      if (verdict.kind === 'beyond') metrics.set(metric, asNeverRang(metrics.get(metric) ?? EMPTY_SERIES, verdict.ts));
    });
  }

  forget(wearing: Wearing): void {
    this.#persons.delete(subjectOf(wearing));
  }
}

function subjectOf({ residentId, deviceKey }: Wearing): string {
  return residentId === null ? `device:${deviceKey}` : `resident:${residentId}`;
}

/** A reading of before the device was handed on tells of somebody else than the case would name. */
function isOfWearer(
  { deviceId, ts }: Observation,
  { binding }: Wearing,
  directory: Pick<Directory, 'deviceAt'>,
): boolean {
  return (directory.deviceAt(deviceId, ts)?.binding ?? 1) === binding;
}
