import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../devices/catalog/models.ts';
import type { AlarmDoor, Arrival, ContactSink } from '../devices/links/ports.ts';
import type { Clock } from './clock.ts';
import { errorCode } from './errors.ts';
import type { Chore } from './history/chores.ts';
import { joinContacts } from './history/join-contacts.ts';
import { isUnproven } from './incidents/facts.ts';
import type { LogListener } from './incidents/log/log-tail.ts';
import type { IncidentRecord } from './incidents/record.ts';
import { createAddressWrites } from './registry/address-writes.ts';
import type { Registry } from './registry/registry.ts';
import { Sightings } from './registry/sightings.ts';
import { saveSeen } from './registry/writes/addresses.ts';

/**
 * A number that was seen counts for 60 days, so it is early enough. Each time the whole register is read anew, by every gateway and
 * on the thread that takes alarms: not more often. Chosen.
 */
const EVERY_MS = 60 * 60_000;

export type Numbers = {
  /** The door and the sink of the receivers, behind which it is noted from which numbers something came. */
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly take: LogListener;
  readonly chore: Chore;
};

/**
 * Keeps up to date which telephone numbers are still their devices' own: what comes from one shows it, and so does whoever closes
 * a case of its call after having spoken with the person. Nothing of it stands before an alarm.
 */
export function openNumbers(deps: {
  readonly registry: Pick<Registry, 'directory' | 'change'>;
  readonly door: AlarmDoor;
  readonly contacts: ContactSink;
  readonly clock: Clock;
  readonly logger: Logger;
}): Numbers {
  const { registry, door, clock, logger } = deps;
  const sightings = new Sightings({
    directory: registry.directory,
    isHeardByNumber: (id) => ['caller-id', 'sms'].includes(DEVICE_MODELS.find(id)?.protocol ?? ''),
    nowMs: clock.nowMs,
  });
  const writes = createAddressWrites(registry, clock);

  /** The alarm is kept: what goes wrong here must not take its acknowledgement away. */
  function note(arrival: Arrival): void {
    try {
      sightings.came(arrival);
    } catch (error) {
      logger.error(
        { deviceId: arrival.deviceId, code: errorCode(error) },
        'it could not be noted when a number was seen',
      );
    }
  }

  return {
    door: {
      accept: async (arrival) => {
        const event = await door.accept(arrival);
        note(arrival);
        return event;
      },
    },
    contacts: joinContacts(() => [deps.contacts, sightings]),
    take: ({ entry, incident }) => {
      if (entry.type !== 'resolve' || entry.data['contact'] !== 'spoke-with-person' || incident === null) return;
      const { deviceId } = incident;
      if (deviceId === null || !isOfUnconfirmedNumber(incident)) return;
      // Every gateway hears of it; one is enough.
      if (
        registry
          .directory()
          .addressesOf(deviceId)
          .every(({ isConfirmed }) => isConfirmed)
      )
        return;
      writes
        .confirm(deviceId)
        .catch((error: unknown) =>
          logger.warn({ deviceId, code: errorCode(error) }, 'the number of a device could not be confirmed'),
        );
    },
    chore: {
      name: 'numbers-seen',
      everyMs: EVERY_MS,
      firstAfterMs: EVERY_MS,
      run: async () => {
        const news = sightings.take();
        if (news.length === 0) return;
        try {
          await registry.change('keep when numbers were seen', (db) => saveSeen(db, news));
        } catch (error) {
          sightings.giveBack(news);
          throw error;
        }
      },
    },
  };
}

/** Not of a verified case that another with such a call was merged into: its device may be another one. */
function isOfUnconfirmedNumber(incident: Pick<IncidentRecord, 'flags' | 'subject'>): boolean {
  return incident.flags.includes('unconfirmed-number') && isUnproven(incident);
}
