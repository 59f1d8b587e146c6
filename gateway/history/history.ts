import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { ContactSink } from '../../devices/links/ports.ts';
import type { Check } from '../api/contract/feed.ts';
import type { RouteModule } from '../api/route.ts';
import { auditRoutes } from '../api/routes/audit.ts';
import { caseRoutes } from '../api/routes/cases.ts';
import { erasureRoutes } from '../api/routes/erasure.ts';
import type { Clock } from '../clock.ts';
import type { OpenIncident } from '../incidents/record.ts';
import type { DirectoryDevice } from '../registry/directory.ts';
import type { Registry } from '../registry/registry.ts';
import { waitAtMost } from '../store/postgres.ts';
import type { SystemAlarms } from '../telemetry/system-alarms.ts';
import { createArchive, type Archive } from './archive.ts';
import { createAuditTrail, type AuditTrail } from './audit-trail.ts';
import { loadCaseFile } from './case-file.ts';
import { loadHead } from './chain-store.ts';
import { createChores } from './chores.ts';
import { ContactLog } from './contact-log.ts';
import { createContactKeeper } from './contact-store.ts';
import { loadDeviceContacts } from './device-contacts.ts';
import { createErase } from './erase.ts';
import { createEraseReadings } from './erase-observations.ts';
import { createErasureKeeper } from './erasure-list.ts';
import { createHeadWriter } from './head-writer.ts';
import { listChores } from './housekeeping.ts';
import { createMissedHeartbeats } from './missed-heartbeats.ts';
import { createMinutes, type GatewayState } from './minutes.ts';
import { createProjector } from './projector.ts';
import { auditTaker } from './take-audit.ts';
import { createLogTaker } from './take-log.ts';
import { verifyPage } from './verify.ts';

/** Longest wait for what was written a moment ago, before a case is told; chosen. */
const CATCH_UP_MS = 5000;
/** An erasure goes through all that somebody has in a year or more; each statement has its own bound. Chosen. */
const ERASE_MS = 30_000;
/** A disk may be lost right after an erasure; a look costs one small query. Chosen. */
const ERASURES_EVERY_MS = 5000;
/** Longest wait at the end for a database that does not answer; chosen. */
const STOP_MS = 2000;

export type HistoryDeps = {
  readonly pool: Pool;
  /** A connection of role `command`. */
  readonly redis: Redis;
  readonly registry: Pick<Registry, 'directory' | 'change'>;
  /** All open incidents, as this gateway knows them. */
  readonly open: () => readonly OpenIncident[];
  /** Somebody was erased: copies of what they said are to go. Never rejects. */
  readonly onErased: () => Promise<void>;
  /** How often a device reports; null for one of which nobody can say. */
  readonly heartbeatS: (device: DirectoryDevice) => number | null;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  /** Who reaches this gateway now, if it says anything. */
  readonly ears: () => (deviceId: string) => boolean;
  readonly gatewayId: string;
  readonly dataDir: string;
  /** `ZHUJI_AUDIT_HEADS`. */
  readonly headsPath: string | null;
  /** `ZHUJI_ERASURES`. */
  readonly erasuresPath: string | null;
  /** How the gateway is now, for the record of each minute. */
  readonly look: () => GatewayState;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type History = {
  readonly archive: Archive;
  readonly contacts: ContactSink;
  /** Who is missed of those that report here. */
  readonly presence: Pick<ContactLog, 'missed' | 'leave' | 'hearingMs'>;
  readonly routes: readonly RouteModule[];
  /** Into the audit chain: codes, ids and times. */
  readonly note: AuditTrail['note'];
  /** Something was written to a stream. */
  readonly trigger: () => void;
  readonly check: () => Check;
  /** When the projector last came round; monotonic milliseconds. */
  readonly lastRunMonoMs: () => number | null;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** Puts the long memory together: projector, chain, erasure, retention, and what answers "we pressed and nobody came". */
export function createHistory(deps: HistoryDeps): History {
  const { pool, redis, registry, gatewayId, dataDir, headsPath, erasuresPath, look, clock, logger } = deps;
  const takers = [createLogTaker(redis, randomUUID), auditTaker];
  const projector = createProjector({ pool, redis, clock, logger, takers });
  const trail = createAuditTrail({ redis, clock, logger });
  const minutes = createMinutes({ gatewayId, look, trail, clock });
  const headPaths = [join(dataDir, 'audit-heads.log'), ...(headsPath === null ? [] : [headsPath])];
  const contacts = new ContactLog(clock, (deviceId) => {
    const device = registry.directory().device(deviceId);
    return device === undefined ? null : deps.heartbeatS(device);
  });
  const keepContacts = createContactKeeper(pool, gatewayId, contacts);
  const tellMissed = createMissedHeartbeats({
    ...{ pool, gatewayId, log: contacts },
    deviceIds: () =>
      registry
        .directory()
        .devices()
        .map(({ id }) => id),
  });
  const writeHeads = createHeadWriter({ paths: headPaths, loadHead: () => loadHead(pool), clock });
  const { directory } = registry;
  const eraseReadings = createEraseReadings(pool);
  const erase = createErase({
    pool,
    redis,
    catchUp: projector.catchUp,
    open: deps.open,
    eraseReadings,
    onErased: deps.onErased,
    change: (action, work) => registry.change(action, work, ERASE_MS),
    clock,
    logger,
  });
  const erasureLists = [join(dataDir, 'erasures.log'), ...(erasuresPath === null ? [] : [erasuresPath])];
  const keepErasures = createErasureKeeper({ pool, paths: erasureLists, erase, clock, logger });
  const chores = createChores({
    chores: [
      ...listChores({ pool, redis, alarms: deps.alarms, clock, logger, writeHeads }),
      { name: 'erasure-list', everyMs: ERASURES_EVERY_MS, firstAfterMs: ERASURES_EVERY_MS, run: keepErasures },
    ],
    clock,
    logger,
  });
  // A loop of its own: millions of readings must not keep the other chores waiting.
  const erasers = createChores({
    chores: [{ name: 'erased-observations', everyMs: 60_000, firstAfterMs: 15_000, run: eraseReadings }],
    clock,
    logger,
  });
  // Another one: what is long among the chores must not keep signs of life waiting.
  const watchers = createChores({
    chores: [
      {
        name: 'contacts',
        everyMs: 1000,
        firstAfterMs: 1000,
        run: async () => {
          contacts.tick(deps.ears());
          await tellMissed();
          await keepContacts();
        },
      },
    ],
    clock,
    logger,
  });
  return {
    archive: createArchive(pool),
    contacts,
    presence: contacts,
    routes: [
      auditRoutes({ verify: (after) => verifyPage({ pool, headPaths }, after) }),
      erasureRoutes({ erase, directory }),
      caseRoutes({
        // What was done a moment ago belongs to the answer too.
        loadCase: async (incidentId) => {
          // Without Redis, or far behind, what is there is told.
          await waitAtMost(CATCH_UP_MS, settle(projector.catchUp(), keepContacts()));
          return loadCaseFile(pool, incidentId, clock.nowMs());
        },
        loadContacts: async (deviceId, span) => {
          await waitAtMost(CATCH_UP_MS, settle(keepContacts()));
          return loadDeviceContacts(pool, deviceId, span, clock.nowMs());
        },
        directory,
        note: trail.note,
      }),
    ],
    note: trail.note,
    trigger: projector.trigger,
    check: projector.check,
    lastRunMonoMs: projector.lastRunMonoMs,
    start: () => {
      trail.start();
      projector.start();
      chores.start();
      erasers.start();
      watchers.start();
      minutes.start();
    },
    stop: async () => {
      minutes.stop();
      await trail.stop();
      await waitAtMost(STOP_MS, settle(chores.stop(), erasers.stop(), watchers.stop()));
      const rest = keepContacts().catch((error: unknown) => {
        logger.warn({ err: error }, 'the last signs of life of devices were not kept');
      });
      // What is under way happens whole or not at all, so a database that hangs need not be waited for.
      await waitAtMost(STOP_MS, settle(projector.stop(), rest));
    },
  };
}

/** When all of them have ended, well or not. */
async function settle(...all: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(all);
}
