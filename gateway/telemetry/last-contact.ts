import type { Clock } from '../clock.ts';
import type { ContactSink } from '../../devices/links/ports.ts';

/** When each known device was last heard, and what was dropped. In memory: a restart knows nothing until they report. */
export type LastContact = ContactSink & {
  readonly at: (deviceId: string) => number | null;
  readonly droppedCount: () => number;
};

/** Bounded by the register: only verified devices are remembered. */
export function createLastContact(clock: Pick<Clock, 'nowMs'>): LastContact {
  const heardAt = new Map<string, number>();
  let dropped = 0;
  const remember: ContactSink['heard'] = (deviceId, standing) => {
    if (standing === 'verified') heardAt.set(deviceId, clock.nowMs());
  };
  return {
    heard: remember,
    connected: remember,
    disconnected: () => undefined,
    dropped: () => {
      dropped += 1;
    },
    at: (deviceId) => heardAt.get(deviceId) ?? null,
    droppedCount: () => dropped,
  };
}
