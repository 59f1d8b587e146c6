import type { Pool } from 'pg';
import type { StoredEntry } from '../incidents/commit-script.ts';
import { queryRows } from '../store/postgres.ts';
import { calcMoves, type Moves } from './moves.ts';

const ACTION = 'read moved alarms';

/** Which alarms came to a case by merges and splits, and which went: a row says where an alarm stood first. @throws StoreError */
export async function loadMoves(pool: Pool, incidentId: string): Promise<Moves> {
  const rows = await queryRows<{ entry: string }>(
    pool,
    ACTION,
    `select entry from incident_log where incident_id = $1 and type in ('merge', 'split', 'opened') order by audit_seq`,
    [incidentId],
  );
  return calcMoves(
    incidentId,
    rows.map(({ entry }) => JSON.parse(entry) as StoredEntry),
  );
}
