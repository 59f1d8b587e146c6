import { formatIso } from '../clock.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import type { AuditDraft } from './audit-entry.ts';
import { calcLinks, type ChainHead } from './chain.ts';

const ACTION = 'write the audit chain';

/** The chain while this transaction holds it: no other gateway appends until it ends. */
export type LockedChain = {
  /** Appends entries and answers their numbers, in order. */
  readonly append: (drafts: readonly AuditDraft[]) => Promise<number[]>;
};

/** Waits until no other transaction holds the chain. Inside a transaction. @throws StoreError */
export async function lockChain(db: Queryable): Promise<LockedChain> {
  const [row] = await queryRows<{ seq: string; hash: Buffer }>(
    db,
    ACTION,
    'select seq, hash from audit_head for update',
  );
  if (row === undefined) throw new Error('audit_head has no row');
  let head: ChainHead = { seq: Number(row.seq), hash: row.hash };
  return {
    append: async (drafts) => {
      if (drafts.length === 0) return [];
      const links = calcLinks(
        head,
        drafts.map(({ text }) => text),
      );
      await queryRows(
        db,
        ACTION,
        `insert into audit_chain (seq, at, kind, entry, prev, hash)
         select * from unnest($1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::bytea[], $6::bytea[])`,
        [
          links.map(({ seq }) => seq),
          drafts.map(({ atMs }) => formatIso(atMs)),
          drafts.map(({ kind }) => kind),
          links.map(({ entry }) => entry),
          links.map(({ prev }) => prev),
          links.map(({ hash }) => hash),
        ],
      );
      head = links.at(-1) ?? head;
      await queryRows(db, ACTION, 'update audit_head set seq = $1, hash = $2, at = now()', [head.seq, head.hash]);
      return links.map(({ seq }) => seq);
    },
  };
}

/** Where the chain stands; null before its tables are there. @throws StoreError */
export async function loadHead(db: Queryable): Promise<ChainHead | null> {
  const [row] = await queryRows<{ seq: string; hash: Buffer }>(
    db,
    'read the audit head',
    'select seq, hash from audit_head',
  );
  return row === undefined ? null : { seq: Number(row.seq), hash: row.hash };
}
