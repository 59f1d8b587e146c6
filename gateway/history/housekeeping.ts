import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import type { SystemAlarms } from '../telemetry/system-alarms.ts';
import { createBackupWatch } from './backup-watch.ts';
import type { Chore } from './chores.ts';
import { eraseKeys } from './erase-keys.ts';
import { sweepRetention } from './retention.ts';
import { trimIncidents } from './trim-incidents.ts';
import { trimStream } from './trim-streams.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** How long what Postgres has stays in Redis too: closed incidents and lines of the log; chosen. */
const KEPT_IN_REDIS_MS = 7 * DAY_MS;
/** The same for notes of the audit; chosen. */
const NOTES_KEPT_IN_REDIS_MS = DAY_MS;

/** What the history does beside its work, and how often. */
export function listChores(deps: {
  readonly pool: Pool;
  readonly redis: Redis;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly writeHeads: () => Promise<void>;
}): readonly Chore[] {
  const { pool, clock, logger } = deps;
  return [
    // Design §7: elsewhere every 10 minutes.
    { name: 'head', everyMs: 10 * MINUTE_MS, firstAfterMs: 5000, run: deps.writeHeads },
    // What a crash or a Redis that was away left of an erasure.
    { name: 'erasures', everyMs: MINUTE_MS, firstAfterMs: 10_000, run: () => eraseKeys(deps) },
    { name: 'backups', everyMs: 10 * MINUTE_MS, firstAfterMs: MINUTE_MS, run: createBackupWatch(deps) },
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
    {
      name: 'retention',
      everyMs: DAY_MS,
      firstAfterMs: 2 * MINUTE_MS,
      run: async () => logger.info(await sweepRetention({ pool, clock }), 'retention kept'),
    },
  ];
}
