import type { Pool } from 'pg';
import type { AuditPage } from '../api/contract/history.ts';
import type { StoredEntry } from '../incidents/commit-script.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { checkEnd, checkLinks, type ChainFault, type StoredLink } from './check-links.ts';
import { checkTables } from './check-tables.ts';
import { CHAIN_START } from './chain.ts';
import { alarmIdsOf, parseObject } from './log-line.ts';

const ACTION = 'verify a case';
/** So many lines of a case are verified; the whole chain is verified by `zhuji audit verify`. */
const MOST = 20_000;

type LinkRow = Omit<StoredLink, 'seq'> & {
  readonly seq: string;
  /** The hash of the entry before, and what the one behind holds of this one; null where there is none. */
  readonly before: Buffer | null;
  readonly behind: Buffer | null;
};

/** Whether the chain's entries about one case hold together with those beside them and with the rows. @throws StoreError */
export async function verifyCase(
  pool: Pool,
  incidentId: string,
): Promise<{ readonly checked: number; readonly faults: AuditPage['faults'] }> {
  return inTransaction(
    pool,
    ACTION,
    async (db) => {
      const lines = await queryRows<{ seq: number; entry: string }>(
        db,
        ACTION,
        `select audit_seq::float8 as seq, entry from incident_log where incident_id = $1 order by audit_seq limit ${MOST}`,
        [incidentId],
      );
      const named = lines.map(({ seq, entry }) => ({ seq, ids: alarmIdsIn(entry) }));
      const eventIds = [...new Set(named.flatMap(({ ids }) => ids))];
      const links = await loadLinks(db, incidentId, named, eventIds);
      const faults = [...links.flatMap((link) => checkLink(link)), ...(await checkNeighbours(db, links))];
      // Of a case that is longer the rows would be held against a part of the chain.
      if (lines.length === MOST) return { checked: links.length, faults };
      const ofTables = await checkTables(
        db,
        links.map(({ seq, entry }) => ({ seq: Number(seq), entry })),
        { incidentId, eventIds },
      );
      return { checked: links.length, faults: [...faults, ...ofTables] };
    },
    'isolation level repeatable read read only',
  );
}

type Named = { readonly seq: number; readonly ids: readonly string[] };

/**
 * Entries of its lines and of its alarms. That of an alarm stands right behind the first line that names it, where it is
 * found also when the row of the alarm is gone or says that it belongs elsewhere.
 */
async function loadLinks(
  db: Queryable,
  incidentId: string,
  named: readonly Named[],
  eventIds: readonly string[],
): Promise<LinkRow[]> {
  const behind = named.flatMap(({ seq, ids }) => ids.map((_id, n) => seq + 1 + n));
  const rows = await queryRows<LinkRow>(
    db,
    ACTION,
    `select chain.seq, chain.kind, (extract(epoch from chain.at) * 1000)::float8 as "atMs", chain.entry, chain.prev,
       chain.hash, previous.hash as before, next.prev as behind
     from (select unnest($2::bigint[]) as seq union select unnest($3::bigint[])
       union select audit_seq from events where incident_id = $1 or id = any($4)) as theirs
     join audit_chain as chain using (seq)
     left join audit_chain as previous on previous.seq = chain.seq - 1
     left join audit_chain as next on next.seq = chain.seq + 1
     order by chain.seq`,
    [incidentId, named.map(({ seq }) => seq), behind, eventIds],
  );
  const ours = new Set(named.map(({ seq }) => seq));
  const alarms = new Set(eventIds);
  return rows.filter(({ seq, entry }) => {
    const said: Record<string, unknown> = { ...parseObject(entry) };
    return ours.has(Number(seq)) || said['incidentId'] === incidentId || alarms.has(String(said['eventId']));
  });
}

function checkLink(row: LinkRow): ChainFault[] {
  const seq = Number(row.seq);
  const before = seq === 1 ? CHAIN_START : { seq: seq - 1, hash: row.before ?? Buffer.alloc(0) };
  return checkLinks(before, [{ ...row, seq }]);
}

/** That what comes behind an entry of the case hangs on it; behind the last of all stands the head. */
async function checkNeighbours(db: Queryable, links: readonly LinkRow[]): Promise<ChainFault[]> {
  const ours = new Set(links.map(({ seq }) => Number(seq)));
  const faults: ChainFault[] = [];
  for (const { seq, hash, behind } of links) {
    const at = Number(seq);
    if (behind === null) {
      const [head] = await queryRows<{ seq: number; hash: Buffer }>(
        db,
        ACTION,
        'select seq::float8 as seq, hash from audit_head',
      );
      faults.push(...checkEnd({ seq: at, hash }, head ?? CHAIN_START));
    } else if (!ours.has(at + 1) && !behind.equals(hash)) {
      faults.push({ code: 'unlinked', seq: at + 1, detail: `does not hold the hash of entry ${at}` });
    }
  }
  return faults;
}

function alarmIdsIn(text: string): string[] {
  const entry = parseObject(text) as StoredEntry | null;
  return typeof entry?.data === 'object' ? alarmIdsOf(entry) : [];
}
