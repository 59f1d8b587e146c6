import type { Pool } from 'pg';
import type { AuditPage } from '../api/contract/history.ts';
import { inTransaction, queryRows, type Queryable } from '../store/postgres.ts';
import { CHAIN_START, type ChainHead, type ChainLink } from './chain.ts';
import { checkEnd, checkHead, checkLinks, type ChainFault } from './check-links.ts';
import {
  checkIncidentRows,
  checkKeptRows,
  checkLogRows,
  checkMinuteRows,
  type ChainSaying,
  type IncidentRow,
  type KeptRow,
  type LogRow,
  type MinuteRow,
  type Removals,
} from './check-rows.ts';
import { readHeads, type WrittenHead } from './head-file.ts';
import { parseObject } from './log-line.ts';

const ACTION = 'verify the audit chain';

/** Entries that one call looks at: some megabytes at most. Chosen. */
const PAGE = 2000;

type LinkRow = { seq: string; kind: string; entry: string; prev: Buffer; hash: Buffer };

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
        'select seq, kind, entry, prev, hash from audit_chain where seq > $1 order by seq limit $2',
        [after, PAGE],
      );
      const [head] = await read<{ seq: string; hash: Buffer }>('select seq, hash from audit_head');
      const links: ChainLink[] = found.map((row) => ({ ...row, seq: Number(row.seq) }));
      const before = await loadLink(db, after);
      const last = links.at(-1) ?? before;
      const isEnd = found.length < PAGE;
      const known = new Map(links.map(({ seq, hash }) => [seq, hash]));
      // Beside a gap a head of what is gone would say the same once more.
      const due = heads.filter(({ seq }) => known.has(seq) || (isEnd && seq > last.seq));
      const chainHead: ChainHead = head === undefined ? CHAIN_START : { seq: Number(head.seq), hash: head.hash };
      const faults = [
        ...checkLinks(before, links),
        ...due.flatMap((written) => checkHead(written, known.get(written.seq) ?? null)),
        ...(isEnd ? checkEnd(last, chainHead) : []),
        ...(await checkTables(db, found, { after, last: isEnd ? null : last.seq })),
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

function readErasure({ seq, kind, entry }: LinkRow): AuditPage['erasures'] {
  if (kind !== 'erasure') return [];
  const { residentId, at, by, ground }: Record<string, unknown> = { ...parseObject(entry) };
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return [{ seq: Number(seq), residentId: text(residentId), at: text(at), by: text(by), ground: text(ground) }];
}

type Range = { readonly after: number; readonly last: number | null };

/** The rows that stand for these entries, and rows in their range that stand for none. */
async function checkTables(db: Queryable, links: readonly LinkRow[], range: Range): Promise<ChainFault[]> {
  const read = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
  const between = [range.after, range.last ?? Number.MAX_SAFE_INTEGER];
  const told = (kind: string): ChainSaying[] =>
    links
      .filter((link) => link.kind === kind)
      .map(({ seq, entry }) => ({ seq: Number(seq), said: { ...parseObject(entry) } }));
  const steps = told('step').filter(({ said }) => typeof said['entry'] === 'object' && said['entry'] !== null);
  const logRows = await read<LogRow>(
    `select audit_seq::float8 as seq, position, incident_id as "incidentId",
       (extract(epoch from at) * 1000)::float8 as "atMs", type, actor, ref, entry
     from incident_log where audit_seq > $1 and audit_seq <= $2`,
    between,
  );
  const incidentRows = await read<IncidentRow>(
    `select audit_seq::float8 as seq, id, version, state, resident_id as "residentId", region, record
     from incidents where audit_seq > $1 and audit_seq <= $2`,
    between,
  );
  const minuteRows = await read<MinuteRow>(
    `select audit_seq::float8 as seq, gateway_id as "gatewayId", (extract(epoch from minute) * 1000)::float8 as "minuteMs",
       up_s as "upS", is_degraded as degraded, lateness_ms as "latenessMs"
     from gateway_minutes where audit_seq > $1 and audit_seq <= $2`,
    between,
  );
  const frames = new Map(
    told('event').map(({ seq, said }) => [String(said['eventId']), { seq, hash: String(said['hash']) }]),
  );
  const words = new Map(
    steps.flatMap(({ seq, said }) => {
      const { ref, hash } = said['entry'] as { ref?: unknown; hash?: unknown };
      return typeof ref === 'string' ? [[ref, { seq, hash: String(hash) }] as const] : [];
    }),
  );
  const frameRows = await read<KeptRow>(
    `select audit_seq::float8 as seq, id, incident_id as "incidentId",
       (extract(epoch from received_at) * 1000)::float8 as "atMs", body as text, salt, hash, erased_why as why
     from events where audit_seq > $1 and audit_seq <= $2`,
    between,
  );
  const wordRows = await read<KeptRow>(
    `select audit_seq::float8 as seq, ref as id, incident_id as "incidentId",
       (extract(epoch from at) * 1000)::float8 as "atMs", said as text, salt, hash, erased_why as why
     from personal_texts where audit_seq > $1 and audit_seq <= $2`,
    between,
  );
  const isAnyErased = [...frameRows, ...wordRows].some(({ text }) => text === null);
  const removals = isAnyErased ? await loadRemovals(db) : { incidentIds: new Set<string>(), beforeMs: new Map() };
  return [
    ...checkLogRows(steps, logRows),
    ...checkIncidentRows(steps, incidentRows),
    ...(await checkMissingIncidents(db, steps)),
    ...checkMinuteRows(told('minute'), minuteRows),
    ...checkKeptRows('events', frames, frameRows, removals),
    ...checkKeptRows('personal_texts', words, wordRows, removals),
  ];
}

async function checkMissingIncidents(db: Queryable, steps: readonly ChainSaying[]): Promise<ChainFault[]> {
  const seqOf = new Map<string, number>();
  for (const { seq, said } of steps) {
    const { incidentId } = said['entry'] as { incidentId?: unknown };
    if (typeof incidentId === 'string' && said['incident'] !== undefined) seqOf.set(incidentId, seq);
  }
  const rows = await queryRows<{ id: string }>(db, ACTION, 'select id from incidents where id = any($1)', [
    [...seqOf.keys()],
  ]);
  for (const { id } of rows) seqOf.delete(id);
  return [...seqOf].map(([id, seq]) => ({ code: 'row-missing', seq, detail: `incidents ${id}` }));
}

/** From the chain itself: the tables could say anything. */
async function loadRemovals(db: Queryable): Promise<Removals> {
  const rows = await queryRows<{ entry: string }>(
    db,
    ACTION,
    `select entry from audit_chain where kind in ('erasure', 'retention') order by seq`,
  );
  const incidentIds = new Set<string>();
  const beforeMs = new Map<string, number>();
  for (const { entry } of rows) {
    const told: Record<string, unknown> = { ...parseObject(entry) };
    if (Array.isArray(told['incidentIds'])) for (const id of told['incidentIds']) incidentIds.add(String(id));
    if (typeof told['class'] === 'string') beforeMs.set(told['class'], Date.parse(String(told['before'])));
  }
  return { incidentIds, beforeMs };
}
