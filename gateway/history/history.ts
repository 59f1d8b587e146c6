import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';
import type { Clock } from '../clock.ts';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { createArchive, type Archive } from './archive.ts';
import { createChores, type Chore } from './chores.ts';
import { createProjector } from './projector.ts';
import { auditTaker } from './take-audit.ts';
import { createLogTaker } from './take-log.ts';
import { trimIncidents } from './trim-incidents.ts';
import { trimStream } from './trim-streams.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long what Postgres has stays in Redis too: closed incidents and lines of the log; chosen. */
const KEPT_IN_REDIS_MS = 7 * DAY_MS;
/** The same for notes of the audit; chosen. */
const NOTES_KEPT_IN_REDIS_MS = DAY_MS;

export type History = {
  readonly archive: Archive;
  /** Something was written to a stream. */
  readonly trigger: () => void;
  readonly check: () => Check;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** Puts the long memory together: projector, chain, trimming. */
export function createHistory(deps: {
  readonly pool: Pool;
  /** A connection of role `command`. */
  readonly redis: Redis;
  readonly clock: Clock;
  readonly logger: Logger;
}): History {
  const { pool, redis, clock, logger } = deps;
  const projector = createProjector({
    pool,
    redis,
    clock,
    logger,
    takers: [createLogTaker(redis, randomUUID), auditTaker],
  });
  const chores: readonly Chore[] = [
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
    trigger: projector.trigger,
    check: projector.check,
    start: () => {
      projector.start();
      housekeeping.start();
    },
    stop: async () => {
      await housekeeping.stop();
      await projector.stop();
    },
  };
}
