import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';
import type { Clock } from '../clock.ts';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { auditRoutes } from '../api/routes/audit.ts';
import type { RouteModule } from '../api/route.ts';
import { createArchive, type Archive } from './archive.ts';
import { createAuditTrail, type AuditTrail } from './audit-trail.ts';
import { loadHead } from './chain-store.ts';
import { createChores, type Chore } from './chores.ts';
import { createHeadWriter } from './head-writer.ts';
import { createMinutes, type GatewayState } from './minutes.ts';
import { createProjector } from './projector.ts';
import { auditTaker } from './take-audit.ts';
import { createLogTaker } from './take-log.ts';
import { trimIncidents } from './trim-incidents.ts';
import { trimStream } from './trim-streams.ts';
import { verifyPage } from './verify.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long what Postgres has stays in Redis too: closed incidents and lines of the log; chosen. */
const KEPT_IN_REDIS_MS = 7 * DAY_MS;
/** The same for notes of the audit; chosen. */
const NOTES_KEPT_IN_REDIS_MS = DAY_MS;

export type History = {
  readonly archive: Archive;
  readonly routes: readonly RouteModule[];
  /** Into the audit chain: codes, ids and times. */
  readonly note: AuditTrail['note'];
  /** Something was written to a stream. */
  readonly trigger: () => void;
  readonly check: () => Check;
  readonly lastRunMonoMs: () => number | null;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** Puts the long memory together: projector, chain, trimming. */
export function createHistory(deps: {
  readonly pool: Pool;
  /** A connection of role `command`. */
  readonly redis: Redis;
  readonly gatewayId: string;
  readonly dataDir: string;
  /** `ZHUJI_AUDIT_HEADS`. */
  readonly headsPath: string | null;
  readonly look: () => GatewayState;
  readonly clock: Clock;
  readonly logger: Logger;
}): History {
  const { pool, redis, gatewayId, dataDir, headsPath, look, clock, logger } = deps;
  const trail = createAuditTrail({ redis, clock, logger });
  const minutes = createMinutes({ gatewayId, look, trail, clock });
  const headPaths = [join(dataDir, 'audit-heads.log'), ...(headsPath === null ? [] : [headsPath])];
  const writeHeads = createHeadWriter({ paths: headPaths, loadHead: () => loadHead(pool), clock });
  const projector = createProjector({
    pool,
    redis,
    clock,
    logger,
    takers: [createLogTaker(redis, randomUUID), auditTaker],
  });
  const chores: readonly Chore[] = [
    { name: 'head', everyMs: 10 * MINUTE_MS, firstAfterMs: 5000, run: writeHeads },
    {
      name: 'trim',
      everyMs: 10 * MINUTE_MS,
      firstAfterMs: MINUTE_MS,
      run: async () => {
        const incidents = await trimIncidents(deps, KEPT_IN_REDIS_MS);
        const lines = await trimStream(deps, INCIDENT_KEYS.log, KEPT_IN_REDIS_MS);
        const notes = await trimStream(deps, REDIS_KEYS.audit, NOTES_KEPT_IN_REDIS_MS);
        if (incidents + lines + notes > 0) logger.info({ incidents, lines, notes }, 'redis let go what is kept');
      },
    },
  ];
  const housekeeping = createChores({ chores, clock, logger });
  return {
    archive: createArchive(pool),
    routes: [auditRoutes({ verify: (after) => verifyPage({ pool, headPaths }, after) })],
    note: trail.note,
    trigger: projector.trigger,
    check: projector.check,
    lastRunMonoMs: projector.lastRunMonoMs,
    start: () => {
      trail.start();
      projector.start();
      housekeeping.start();
      minutes.start();
    },
    stop: async () => {
      minutes.stop();
      await trail.stop();
      await housekeeping.stop();
      await projector.stop();
    },
  };
}
