import type { Logger } from 'pino';
import type { Standing } from '../../devices/standing.ts';
import type { Clock } from '../clock.ts';
import type { AlarmDoor, ContactSink } from '../../devices/links/ports.ts';

/** One technical alarm a device in this time, however often it tries (chosen): the incident stands meanwhile. */
const QUIET_MS = 10 * 60_000;
/** Names beyond it push the oldest out; only names that the register knows get here, so it is a bound for the worst. */
const MAX_REMEMBERED = 10_000;

/**
 * A known device that comes with a wrong secret, or after its service ended, is a technical incident at once (design §7):
 * somebody's pendant may be talking to us and not be believed. What it sends rings by itself beside this.
 */
export function createQuarantineWatch(deps: {
  readonly door: AlarmDoor;
  readonly isKnown: (deviceId: string) => boolean;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly logger: Logger;
}): Pick<ContactSink, 'connected'> {
  const raisedAt = new Map<string, number>();

  function raise(deviceId: string, standing: Standing): void {
    deps.door
      .accept({
        deviceId,
        standing: 'verified',
        source: { protocol: 'gateway', peer: 'quarantine-watch' },
        message: { kind: 'alarm', type: 'quarantined', zone: standing, faults: [] },
        raw: new TextEncoder().encode(JSON.stringify({ standing })),
      })
      .catch((error: unknown) => {
        raisedAt.delete(deviceId);
        deps.logger.error({ err: error, deviceId }, 'a device in quarantine could not be reported');
      });
  }

  return {
    connected: (deviceId, standing) => {
      if ((standing !== 'unverified' && standing !== 'retired') || !deps.isKnown(deviceId)) return;
      const now = deps.clock.monoMs();
      const last = raisedAt.get(deviceId);
      if (last !== undefined && now - last < QUIET_MS) return;
      raisedAt.delete(deviceId);
      raisedAt.set(deviceId, now);
      const oldest = raisedAt.keys().next();
      if (raisedAt.size > MAX_REMEMBERED && !oldest.done) raisedAt.delete(oldest.value);
      raise(deviceId, standing);
    },
  };
}
