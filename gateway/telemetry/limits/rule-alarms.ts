import type { Logger } from 'pino';
import type { AlarmKind, AlarmMessage, Fault } from '../../../devices/event.ts';
import { findMetric } from '../../../devices/vital-metrics.ts';
import { errorCode } from '../../errors.ts';
import type { Door } from '../../ingest/door.ts';
import type { SendCase } from './device-case.ts';
import type { Verdict } from './series.ts';

export type RuleAlarms = {
  /** `atMs`: when the rule looked; `isClockWrong`: and took that for the time of measuring. */
  readonly vitals: (
    deviceId: string,
    metric: string,
    verdict: Verdict,
    look: { readonly atMs: number; readonly isClockWrong: boolean },
    onFailure: () => void,
  ) => void;
  /** The detail is the metric. */
  readonly worn: SendCase;
  /** The detail is how wrong it is. */
  readonly clock: SendCase;
};

const PEER = 'limit-rules';
/** A measurement this much older than its arrival says so: the case is marked `late`. Design §4 Identity, "5 min". */
const OLD_MS = 5 * 60_000;

/** Raises what the rules have found through the door that every alarm takes. Never throws, never waits. */
export function createRuleAlarms(deps: { readonly door: Pick<Door, 'raise'>; readonly logger: Logger }): RuleAlarms {
  let sent = 0;

  function raise(deviceId: string, message: AlarmMessage, onFailure: () => void): void {
    // The number keeps a raise soon after another one from being taken for the same cry once more.
    sent += 1;
    const raw = Buffer.from(JSON.stringify({ ...message, n: sent })).toString('base64');
    const fail = (error: unknown): void => {
      onFailure();
      deps.logger.error({ deviceId, type: message.type, cause: errorCode(error) }, 'a rule’s alarm could not be kept');
    };
    const source = { protocol: 'gateway', peer: PEER } as const;
    try {
      deps.door.raise({ deviceId, standing: 'verified', source, message, raw }).catch(fail);
    } catch (error) {
      fail(error);
    }
  }

  return {
    vitals: (deviceId, metric, { kind, side, value, limit, forMs, ts }, { atMs, isClockWrong }, onFailure) => {
      const unit = findMetric(metric)?.unit ?? '';
      const told: AlarmKind = kind === 'beyond' ? 'alarm' : 'restored';
      const measure = { metric, value, unit, limit, side, forMs };
      const at = Math.abs(atMs - ts) > OLD_MS ? { at: ts } : {};
      // Marks the case `clock`: nobody knows when this was measured.
      const faults: readonly Fault[] = isClockWrong ? [{ code: 'bad-field', path: '/at' }] : [];
      raise(deviceId, { kind: told, type: 'vitals', measure, ...at, faults }, onFailure);
    },
    worn: (kind, deviceId, metric, onFailure) => {
      raise(deviceId, { kind, type: 'sensor-loose', zone: metric, faults: [] }, onFailure);
    },
    clock: (kind, deviceId, text, onFailure) => {
      raise(deviceId, { kind, type: 'clock-wrong', text, faults: [] }, onFailure);
    },
  };
}
