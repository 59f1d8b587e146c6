import type { ClientBase, Pool } from 'pg';
import type { Clock } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import type { SystemAlarms } from '../telemetry/system-alarms.ts';

const KEY = 'last-backup';
const CODE = 'backup-late';
const DAY_MS = 24 * 60 * 60_000;
/** A nightly backup may fail once and be looked at in the morning. Chosen. */
const LATE_DAYS = 2;

/** A backup is whole and on disk; `atMs` is the moment of what it holds, epoch milliseconds. @throws StoreError */
export async function saveBackupTime(client: ClientBase, atMs: number): Promise<void> {
  await queryRows(
    client,
    'note a backup',
    `insert into settings (key, value) values ($1, jsonb_build_object('atMs', $2::float8))
     on conflict (key) do update set value = excluded.value`,
    [KEY, atMs],
  );
}

/**
 * Nobody looks at a timer that fails every night: where a backup was ever made, one that is late is a technical incident until
 * there is a newer one. Of the tools of TimescaleDB nothing is known here.
 */
export function createBackupWatch(deps: {
  readonly pool: Pool;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}): () => Promise<void> {
  return async () => {
    const [last] = await queryRows<{ atMs: number }>(
      deps.pool,
      'look for the last backup',
      `select (value->>'atMs')::float8 as "atMs" from settings where key = $1`,
      [KEY],
    );
    if (last === undefined) return;
    const days = Math.floor((deps.clock.nowMs() - last.atMs) / DAY_MS);
    if (days >= LATE_DAYS) deps.alarms.raise(CODE, { days });
    else deps.alarms.restore(CODE);
  };
}
