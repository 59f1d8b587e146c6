import type { Pool } from 'pg';
import type { AuditPage } from '../api/contract/history.ts';
import { inTransaction, queryRows } from '../store/postgres.ts';
import { checkLinks } from './check-links.ts';
import { checkTables } from './check-tables.ts';
import { CHAIN_START } from './chain.ts';

const ACTION = 'verify a case';
/** So many entries of a case are verified; the whole chain is verified by `zhuji audit verify`. */
const MOST = 20_000;

/** Whether the chain's entries about one case hold together with those before them and with the rows. @throws StoreError */
export async function verifyCase(
  pool: Pool,
  incidentId: string,
): Promise<{ readonly checked: number; readonly faults: AuditPage['faults'] }> {
  return inTransaction(
    pool,
    ACTION,
    async (db) => {
      const links = await queryRows<{
        seq: string;
        kind: string;
        entry: string;
        prev: Buffer;
        hash: Buffer;
        before: Buffer | null;
      }>(
        db,
        ACTION,
        `select chain.seq, chain.kind, chain.entry, chain.prev, chain.hash, previous.hash as before
         from (select audit_seq from incident_log where incident_id = $1
           union select audit_seq from events where incident_id = $1) as theirs
         join audit_chain as chain on chain.seq = theirs.audit_seq
         left join audit_chain as previous on previous.seq = chain.seq - 1
         order by chain.seq limit ${MOST}`,
        [incidentId],
      );
      const faults = links.flatMap((link) => {
        const seq = Number(link.seq);
        const before = seq === 1 ? CHAIN_START : { seq: seq - 1, hash: link.before ?? Buffer.alloc(0) };
        return checkLinks(before, [{ ...link, seq }]);
      });
      // Of a case that is longer the rows would be held against a part of the chain.
      if (links.length === MOST) return { checked: links.length, faults };
      return { checked: links.length, faults: [...faults, ...(await checkTables(db, links, { incidentId }))] };
    },
    'isolation level repeatable read read only',
  );
}
