import type { Pool } from 'pg';
import type { AuditPage } from '../api/contract/history.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { CHAIN_START, type ChainHead } from './chain.ts';
import { checkEnd, checkHead, checkLinks, type ChainFault, type StoredLink } from './check-links.ts';
import { checkTables } from './check-tables.ts';
import { readHeads, type WrittenHead } from './head-file.ts';
import { parseObject } from './log-line.ts';

const ACTION = 'verify the audit chain';

/** Entries that one call looks at: some megabytes at most. Chosen. */
const PAGE = 2000;

type LinkRow = Omit<StoredLink, 'seq'> & { seq: string };

/** The least and the greatest number that a row can have. */
const ANY_SEQ = { from: '-9223372036854775808', to: '9223372036854775807' };

/**
 * Verifies the piece of the chain behind `after`, as of one moment: its links, the rows that stand for its entries, the
 * heads written elsewhere, and, where the chain ends, its end. Bounded in memory and time. @throws StoreError
 */
export async function verifyPage(
  deps: { readonly pool: Pool; readonly headPaths: readonly string[] },
  after: number,
): Promise<AuditPage> {
  // Heads are written after what they tell of, so those read before the chain cannot be ahead of it.
  const heads = await collectHeads(deps.headPaths, after);
  return inTransaction(
    deps.pool,
    ACTION,
    async (db) => {
      const read = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
      const found = await read<LinkRow>(
        `select seq, kind, (extract(epoch from at) * 1000)::float8 as "atMs", entry, prev, hash
         from audit_chain where seq > $1 order by seq limit $2`,
        [after, PAGE],
      );
      const [head] = await read<{ seq: string; hash: Buffer }>('select seq, hash from audit_head');
      const links: StoredLink[] = found.map((row) => ({ ...row, seq: Number(row.seq) }));
      const before = await loadLink(db, after);
      const last = links.at(-1) ?? before;
      const isEnd = found.length < PAGE;
      const known = new Map(links.map(({ seq, hash }) => [seq, hash]));
      // Beside a gap a head of what is gone would say the same once more.
      const due = heads.filter(({ seq }) => known.has(seq) || (isEnd && seq > last.seq));
      const chainHead: ChainHead = head === undefined ? CHAIN_START : { seq: Number(head.seq), hash: head.hash };
      const part = {
        from: after === 0 ? ANY_SEQ.from : String(after + 1),
        to: isEnd ? ANY_SEQ.to : String(last.seq),
        isEnd,
      };
      const faults = [
        ...(after === 0 ? await checkStart(db) : []),
        ...checkLinks(before, links),
        ...due.flatMap((written) => checkHead(written, known.get(written.seq) ?? null)),
        ...(isEnd ? checkEnd(last, chainHead) : []),
        ...(await checkTables(db, links, part)),
      ];
      return {
        checked: links.length,
        next: isEnd ? null : last.seq,
        faults,
        erasures: found.flatMap(readErasure),
        headsCompared: due.length,
        head: { seq: chainHead.seq, hash: chainHead.hash.toString('hex') },
      };
    },
    'isolation level repeatable read read only',
  );
}

/** Entries count from 1; one before that is read by nobody and hangs on nothing. */
async function checkStart(db: Queryable): Promise<ChainFault[]> {
  const rows = await queryRows<{ seq: number }>(
    db,
    ACTION,
    'select seq::float8 as seq from audit_chain where seq < 1 order by seq limit 1',
  );
  return rows.map(({ seq }) => ({ code: 'unlinked', seq, detail: 'stands before the first entry' }));
}

/** Those that this page can reach, and of those beyond it the furthest: it tells of a cut as well as all of them. */
async function collectHeads(paths: readonly string[], after: number): Promise<WrittenHead[]> {
  const heads: WrittenHead[] = [];
  let furthest: WrittenHead | null = null;
  for (const path of paths) {
    for await (const head of readHeads(path)) {
      if (head.seq > after && head.seq <= after + PAGE) heads.push(head);
      if (head.seq > after + PAGE && head.seq > (furthest?.seq ?? 0)) furthest = head;
    }
  }
  return furthest === null ? heads : [...heads, furthest];
}

/** What the piece hangs on. One that is not there leaves the number alone, so that the gap shows. */
async function loadLink(db: Queryable, seq: number): Promise<ChainHead> {
  if (seq === 0) return CHAIN_START;
  const [row] = await queryRows<{ hash: Buffer }>(db, ACTION, 'select hash from audit_chain where seq = $1', [seq]);
  return { seq, hash: row?.hash ?? Buffer.alloc(0) };
}

function readErasure({ seq, entry }: LinkRow): AuditPage['erasures'] {
  const { kind, residentId, at, by, ground }: Record<string, unknown> = { ...parseObject(entry) };
  if (kind !== 'erasure') return [];
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return [{ seq: Number(seq), residentId: text(residentId), at: text(at), by: text(by), ground: text(ground) }];
}
