import type { Pool } from 'pg';
import { formatIso, type Clock } from '../clock.ts';
import { inTransaction, queryRows } from '../store/postgres.ts';
import { draftAudit } from './audit-entry.ts';
import { lockChain } from './chain-store.ts';

const ACTION = 'keep the retention';
const DAY_MS = 24 * 60 * 60 * 1000;
/** Rows of one transaction: short enough that nobody waits for it. Chosen. */
const BATCH = 1000;

/** How one batch of a class is found and let go; `$1` the limit in time, `$2` the number. */
type RetentionRule = { readonly days: number; readonly sql: string };

/**
 * How long each class of rows is kept (chosen; the README has the table). Frames and words are emptied and keep their hash;
 * nothing of an open case goes. The chain, the log and the cases hold ids and codes alone and stay.
 */
export const RETENTION = {
  events: {
    days: 365,
    sql: `with old as (
        select id from events where erased_at is null and received_at < $1
          and not exists (select from incidents where incidents.id = incident_id and state <> 'resolved')
        order by received_at limit $2)
      update events set body = null, salt = null, erased_at = now(), erased_why = 'retention'
      from old where old.id = events.id returning 1`,
  },
  personal_texts: {
    days: 365,
    sql: `with old as (
        select ref from personal_texts where erased_at is null and at < $1
          and not exists (select from incidents where incidents.id = incident_id and state <> 'resolved')
        order by at limit $2)
      update personal_texts set said = null, salt = null, erased_at = now(), erased_why = 'retention'
      from old where old.ref = personal_texts.ref returning 1`,
  },
  device_contacts: {
    days: 90,
    sql: `with old as (select id from device_contacts where at < $1 limit $2)
      delete from device_contacts using old where old.id = device_contacts.id returning 1`,
  },
  gateway_minutes: {
    days: 365,
    sql: `with old as (select audit_seq from gateway_minutes where minute < $1 limit $2)
      delete from gateway_minutes using old where old.audit_seq = gateway_minutes.audit_seq returning 1`,
  },
} as const satisfies Record<string, RetentionRule>;

/**
 * Lets go what is older than its class is kept, in small batches, and says in the chain how far it goes, with
 * the first batch. Answers how many rows went. @throws StoreError
 */
export async function sweepRetention(deps: {
  readonly pool: Pool;
  readonly clock: Pick<Clock, 'nowMs'>;
}): Promise<Record<string, number>> {
  const { pool, clock } = deps;
  const gone: Record<string, number> = {};
  for (const [name, { days, sql }] of Object.entries<RetentionRule>(RETENTION)) {
    const nowMs = clock.nowMs();
    const before = formatIso(nowMs - days * DAY_MS);
    let isTold = false;
    for (let count = BATCH; count === BATCH;) {
      count = await inTransaction(pool, ACTION, async (db) => {
        const chain = isTold ? null : await lockChain(db);
        const rows = await queryRows(db, ACTION, sql, [before, BATCH]);
        // A day on which nothing goes is no news.
        if (rows.length > 0) await chain?.append([draftAudit('retention', nowMs, { class: name, before })]);
        return rows.length;
      });
      isTold = true;
      gone[name] = (gone[name] ?? 0) + count;
    }
  }
  return gone;
}
