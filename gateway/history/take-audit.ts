import { formatIso } from '../clock.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { draftAudit, MINUTE_TYPE, type AuditDraft, type MinuteData } from './audit-entry.ts';
import type { StreamTaker } from './follow-stream.ts';
import { keepable, parseObject } from './log-line.ts';
import type { StreamEntry } from './stream-page.ts';

const ACTION = 'keep audit notes';

type Note = { readonly draft: AuditDraft; readonly minute: MinuteData | null };

/** Carries what belongs into the chain and is no step of an incident: log-ins, reads, duty, minutes of the gateways. */
export const auditTaker: StreamTaker = {
  stream: REDIS_KEYS.audit,
  prepare: async (entries) => {
    const notes = entries.map(readNote);
    return async (db, chain) => {
      const known = await listKnown(db, notes);
      const fresh = notes.filter(({ draft }) => !known.has(draft.text));
      const seqs = await chain.append(fresh.map(({ draft }) => draft));
      for (const [n, { minute }] of fresh.entries()) if (minute !== null) await saveMinute(db, minute, seqs[n] ?? 0);
    };
  },
};

/** Total: what nobody can read is noted as such. The place in the stream makes equal notes different. */
function readNote({ position, fields }: StreamEntry): Note {
  const found: Record<string, unknown> = { ...parseObject(keepable(fields['entry'] ?? '')) };
  const { at, type, actor, data } = found;
  const told = typeof at === 'string' ? Date.parse(at) : Number(at);
  const atMs = Number.isNaN(new Date(told).getTime()) ? Number(position.split('-')[0]) : told;
  const isWhole = typeof type === 'string' && typeof actor === 'string';
  const body = isWhole ? { type, actor, data: data ?? {} } : { type: 'unreadable', actor: 'system', data: {} };
  const minute = body.type === MINUTE_TYPE && isMinute(data) ? data : null;
  return { draft: draftAudit(minute === null ? 'audit' : 'minute', atMs, { position, ...body }), minute };
}

function isMinute(data: unknown): data is MinuteData {
  return (
    typeof data === 'object' &&
    data !== null &&
    'gatewayId' in data &&
    typeof data.gatewayId === 'string' &&
    'minute' in data &&
    Number.isInteger(data.minute) &&
    'degraded' in data &&
    typeof data.degraded === 'boolean' &&
    'upS' in data &&
    Number.isInteger(data.upS) &&
    'latenessMs' in data &&
    Number.isInteger(data.latenessMs) &&
    'faults' in data &&
    Array.isArray(data.faults)
  );
}

async function listKnown(db: Queryable, notes: readonly Note[]): Promise<ReadonlySet<string>> {
  const rows = await queryRows<{ entry: string }>(
    db,
    ACTION,
    `select entry from audit_chain where kind in ('audit', 'minute') and entry = any($1)`,
    [notes.map(({ draft }) => draft.text)],
  );
  return new Set(rows.map(({ entry }) => entry));
}

async function saveMinute(db: Queryable, minute: MinuteData, seq: number): Promise<void> {
  await queryRows(
    db,
    ACTION,
    `insert into gateway_minutes (audit_seq, gateway_id, minute, up_s, is_degraded, lateness_ms, faults)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      seq,
      minute.gatewayId,
      formatIso(minute.minute),
      minute.upS,
      minute.degraded,
      minute.latenessMs,
      minute.faults.map(String),
    ],
  );
}
