import type { ClientBase, Pool } from 'pg';
import { formatIso, type Clock } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import { systemSubject, type SystemAlarms } from '../telemetry/system-alarms.ts';

const KEY = 'last-backup';
const CODE = 'backup-late';
const DAY_MS = 24 * 60 * 60_000;
/** A nightly backup may fail once and be looked at in the morning. Chosen. */
const LATE_DAYS = 2;
/** Whoever closes the case although no backup came has peace for so long: it may be mended tomorrow, or kept elsewhere. Chosen. */
const PEACE_MS = DAY_MS;

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
 * Nobody looks at a timer that fails every night: from the first backup on, one that is late is a technical incident until there
 * is a newer one. Whether somebody closed it is asked of the cases: they outlive a start, and every gateway knows them.
 */
export function createBackupWatch(deps: {
  readonly pool: Pool;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}): () => Promise<void> {
  return async () => {
    const nowMs = deps.clock.nowMs();
    const [last] = await queryRows<{ atMs: number; isInPeace: boolean }>(
      deps.pool,
      'look for the last backup',
      `select (value->>'atMs')::float8 as "atMs", exists (
         select from incidents where type = 'system' and closed_at > $2 and record::jsonb->>'subject' = $3) as "isInPeace"
       from settings where key = $1`,
      [KEY, formatIso(nowMs - PEACE_MS), systemSubject(CODE)],
    );
    if (last === undefined) return;
    const days = Math.floor((nowMs - last.atMs) / DAY_MS);
    if (days < LATE_DAYS) deps.alarms.restore(CODE);
    else if (!last.isInPeace) deps.alarms.raise(CODE, { days });
  };
}
