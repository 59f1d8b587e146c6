import type { Logger } from 'pino';
import type { AlarmType } from '../../../devices/alarm-types.ts';
import { READING_FLAGS } from '../../../devices/reading.ts';
import type { Clock } from '../../clock.ts';
import type { Door } from '../../ingest/door.ts';
import type { Directory } from '../../registry/directory.ts';
import { isPaused } from '../../registry/status-rules.ts';
import type { Observation } from '../observation.ts';
import { ClockWatch } from './clock-watch.ts';
import { DeviceCase, type SendCase } from './device-case.ts';
import { LimitWatch, type Wearing } from './limit-watch.ts';
import { isScored, pickMoments } from './moments.ts';
import { createOpenCases } from './open-cases.ts';
import { createRuleAlarms } from './rule-alarms.ts';
import { Undated } from './undated.ts';
import { WornWatch } from './worn-watch.ts';

export type LimitRulesDeps = {
  readonly directory: () => Pick<Directory, 'deviceAt' | 'limitsOf' | 'statusOf'>;
  readonly door: Pick<Door, 'raise'>;
  /** The board. */
  readonly open: () => readonly { readonly type: AlarmType; readonly subject: string }[];
  readonly clock: Clock;
  readonly logger: Logger;
};

const BAD = READING_FLAGS.notWorn | READING_FLAGS.poor | READING_FLAGS.implausible;
const TECHNICAL = ['sensor-loose', 'clock-wrong'] as const;

/**
 * The first rules over vital signs (design §5): beyond a limit three times in a row or for two minutes rings; a sensor that sits
 * badly is one technical matter. Takes what the lane has accepted, and does a bounded, small work for each reading.
 */
export function createLimitRules(deps: LimitRulesDeps): {
  /** Readings that came in together. */
  readonly take: (readings: readonly Observation[]) => void;
  /** What waits for newer readings is told at once. */
  readonly stop: () => void;
} {
  const alarms = createRuleAlarms(deps);
  const limits = new LimitWatch(alarms);
  const isOpen = createOpenCases({ types: TECHNICAL, open: deps.open, clock: deps.clock });
  const worn = new WornWatch(openCase('sensor-loose', alarms.worn));
  const clocks = new ClockWatch(openCase('clock-wrong', alarms.clock));
  const undated = new Undated();

  function openCase(type: (typeof TECHNICAL)[number], send: SendCase): DeviceCase {
    return new DeviceCase({ send, isOpen: (deviceKey) => isOpen(type, deviceKey), clock: deps.clock });
  }

  function takeQuality(reading: Observation, wearing: Wearing): void {
    if ((reading.flags & BAD) !== 0) worn.take(wearing, reading, false);
    else if ((reading.flags & READING_FLAGS.unknownUnit) === 0) worn.take(wearing, reading, true);
  }

  return {
    stop: () => limits.stop(),
    take: (readings) => {
      const directory = deps.directory();
      for (const [deviceId, ofDevice] of Map.groupBy(readings, (reading) => reading.deviceId)) {
        const receivedAt = ofDevice[0]?.receivedAt ?? 0;
        const wearing = findWearing(deviceId, receivedAt, directory);
        if (isWatchedElsewhere(wearing, receivedAt, directory)) {
          worn.forget(wearing.deviceKey);
          limits.forget(wearing);
          continue;
        }
        const isClockWrong = clocks.take(wearing, ofDevice, receivedAt);
        // In the order of measuring: a message may hold hours, and in any order.
        const counted = undated.pick(wearing.deviceKey, ofDevice, isClockWrong).toSorted((a, b) => a.ts - b.ts);
        const picked = pickMoments(counted);
        for (const reading of picked) takeQuality(reading, wearing);
        limits.take(picked.filter(isScored), wearing, directory);
      }
    },
  };
}

/** As it is when the reading comes in, because that is whose case it would be. */
function findWearing(deviceId: string, receivedAt: number, directory: Pick<Directory, 'deviceAt'>): Wearing {
  const device = directory.deviceAt(deviceId, receivedAt);
  const binding = device?.binding ?? 1;
  const [only, ...others] = device?.residentIds ?? [];
  return {
    deviceId,
    binding,
    deviceKey: binding === 1 ? deviceId : `${deviceId}:${binding}`,
    residentId: others.length === 0 ? (only ?? null) : null,
  };
}

/** In a hospital others watch; and a watch that lies in a drawer since a death rings at nobody. */
function isWatchedElsewhere({ residentId }: Wearing, atMs: number, directory: Pick<Directory, 'statusOf'>): boolean {
  return residentId !== null && isPaused('vitals-rules', directory.statusOf(residentId, atMs).kind);
}
