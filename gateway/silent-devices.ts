import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { DEVICE_MODELS } from '../devices/catalog/models.ts';
import type { Check } from './api/contract/feed.ts';
import type { Clock } from './clock.ts';
import { type Chore, createChores } from './history/chores.ts';
import type { History } from './history/history.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Registry } from './registry/registry.ts';
import type { LastContact } from './telemetry/last-contact.ts';
import { createLastContactChore } from './telemetry/silence/last-contact-keeper.ts';
import { findReporting } from './telemetry/silence/reporting.ts';
import { createSilence } from './telemetry/silence/silence.ts';
import type { SystemAlarms } from './telemetry/system-alarms.ts';

/** Puts together what notices silent devices and what remembers when each was last heard. */
export function createSilentDevices(deps: {
  readonly pool: Pool;
  readonly gatewayId: string;
  readonly registry: Pick<Registry, 'directory'>;
  readonly ingest: Pick<Ingest, 'door'>;
  readonly incidents: Pick<Incidents, 'tail' | 'health'>;
  readonly history: Pick<History, 'presence'>;
  readonly contacts: LastContact;
  readonly alarms: SystemAlarms;
  /** What else of signs of life is kept beside. */
  readonly alsoKept: readonly Chore[];
  readonly clock: Clock;
  readonly logger: Logger;
}): { readonly start: () => void; readonly stop: () => Promise<void>; readonly check: () => Check } {
  const { pool, gatewayId, registry, ingest, incidents, history, contacts, alarms, clock, logger } = deps;
  const silence = createSilence({
    ...{ pool, gatewayId, directory: registry.directory, door: ingest.door, alarms, clock, logger },
    presence: history.presence,
    heardMonoMs: contacts.heardMonoMs,
    open: () => incidents.tail.board.open(),
    isBoardCurrent: () => incidents.health().status === 'ok',
    reportingOf: (device) => findReporting(device, registry.directory(), DEVICE_MODELS),
  });
  const lastContacts = createChores({
    chores: [createLastContactChore({ pool, gatewayId, contacts }), ...deps.alsoKept],
    ...{ clock, logger },
  });
  return {
    start: () => {
      lastContacts.start();
      silence.start();
    },
    stop: async () => {
      await Promise.all([lastContacts.stop(), silence.stop()]);
    },
    check: silence.check,
  };
}
