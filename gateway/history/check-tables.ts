import { queryRows, type Queryable } from '../store/postgres.ts';
import type { ChainFault } from './check-links.ts';
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
import { parseObject } from './log-line.ts';

const ACTION = 'verify the tables';

type LinkRow = { readonly seq: string; readonly kind: string; readonly entry: string };

/** A piece of the chain, or one case. */
type Part = { readonly after: number; readonly last: number } | { readonly incidentId: string };

/** The rows that stand for these entries, and rows of the same part that stand for none. @throws StoreError */
export async function checkTables(db: Queryable, links: readonly LinkRow[], part: Part): Promise<ChainFault[]> {
  const read = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
  const isCase = 'incidentId' in part;
  const values = isCase ? [part.incidentId] : [part.after, part.last];
  const where = (ofCase: string): string => (isCase ? ofCase : 'audit_seq > $1 and audit_seq <= $2');
  const told = (kind: string): ChainSaying[] =>
    links
      .filter((link) => link.kind === kind)
      .map(({ seq, entry }) => ({ seq: Number(seq), said: { ...parseObject(entry) } }));
  const steps = told('step').filter(({ said }) => typeof said['entry'] === 'object' && said['entry'] !== null);
  const logRows = await read<LogRow>(
    `select audit_seq::float8 as seq, position, incident_id as "incidentId",
       (extract(epoch from at) * 1000)::float8 as "atMs", type, actor, ref, entry
     from incident_log where ${where('incident_id = $1')}`,
    values,
  );
  const incidentRows = await read<IncidentRow>(
    `select audit_seq::float8 as seq, id, version, state, resident_id as "residentId", region, record
     from incidents where ${where('id = $1')}`,
    values,
  );
  const minuteRows = await read<MinuteRow>(
    `select audit_seq::float8 as seq, gateway_id as "gatewayId", (extract(epoch from minute) * 1000)::float8 as "minuteMs",
       up_s as "upS", is_degraded as degraded, lateness_ms as "latenessMs"
     from gateway_minutes where ${where('$1::text is null')}`,
    values,
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
     from events where ${where('incident_id = $1')}`,
    values,
  );
  const wordRows = await read<KeptRow>(
    `select audit_seq::float8 as seq, ref as id, incident_id as "incidentId",
       (extract(epoch from at) * 1000)::float8 as "atMs", said as text, salt, hash, erased_why as why
     from personal_texts where ${where('incident_id = $1')}`,
    values,
  );
  const isAnyErased = [...frameRows, ...wordRows].some(({ text }) => text === null);
  const removals = isAnyErased ? await loadRemovals(db) : NOTHING_REMOVED;
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

const NOTHING_REMOVED: Removals = { incidentIds: new Set(), eventIds: new Set(), beforeMs: new Map() };

/** From the chain itself: the tables could say anything. */
async function loadRemovals(db: Queryable): Promise<Removals> {
  const rows = await queryRows<{ entry: string }>(
    db,
    ACTION,
    `select entry from audit_chain where kind in ('erasure', 'retention') order by seq`,
  );
  const incidentIds = new Set<string>();
  const eventIds = new Set<string>();
  const beforeMs = new Map<string, number>();
  for (const { entry } of rows) {
    const told: Record<string, unknown> = { ...parseObject(entry) };
    if (Array.isArray(told['incidentIds'])) for (const id of told['incidentIds']) incidentIds.add(String(id));
    if (Array.isArray(told['eventIds'])) for (const id of told['eventIds']) eventIds.add(String(id));
    if (typeof told['class'] === 'string') beforeMs.set(told['class'], Date.parse(String(told['before'])));
  }
  return { incidentIds, eventIds, beforeMs };
}
