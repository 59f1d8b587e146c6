import type { Logger } from 'pino';
import type { AlarmType } from '../../../devices/alarm-types.ts';
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

const TECHNICAL = ['sensor-loose', 'clock-wrong'] as const;

/**
 * The first rules over vital signs (design §5): beyond a limit three times in a row or for two minutes rings; a sensor that sits
 * badly is one technical matter. Takes what the lane has accepted, and does a bounded, small work for each reading.
 */
export function createLimitRules(deps: LimitRulesDeps): {
  /** Readings of one message, all of its device. */
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

  return {
    stop: () => limits.stop(),
    take: (readings) => {
      const first = readings[0];
      if (first === undefined) return;
      const { deviceId, receivedAt } = first;
      const directory = deps.directory();
      const wearing = findWearing(deviceId, receivedAt, directory);
      if (isWatchedElsewhere(wearing, receivedAt, directory)) {
        worn.forget(wearing.deviceKey);
        limits.forget(wearing);
        return;
      }
      const isClockWrong = clocks.take(wearing, readings, receivedAt);
      // In the order of measuring: a message may hold hours, and in any order.
      const counted = putInOrder(undated.pick(wearing.deviceKey, readings, isClockWrong));
      const picked = pickMoments(counted);
      worn.take(wearing, picked);
      limits.take(picked.filter(isScored), wearing, directory);
    },
  };
}

/** Nearly all are in order as they come. */
function putInOrder(readings: readonly Observation[]): readonly Observation[] {
  const isInOrder = readings.every(({ ts }, at) => ts >= (readings[at - 1]?.ts ?? -Infinity));
  return isInOrder ? readings : readings.toSorted((a, b) => a.ts - b.ts);
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
