import { formatIso } from '../clock.ts';
import type { StoredEntry } from '../incidents/commit-script.ts';
import { canonicalJson } from './canonical.ts';
import type { ChainFault } from './check-links.ts';
import { parseObject, sha256 } from './log-line.ts';
import { hashSalted } from './plan-projection.ts';

/** What an entry of the chain says, as far as rows of tables stand for it. */
export type ChainSaying = { readonly seq: number; readonly said: Readonly<Record<string, unknown>> };

export type LogRow = {
  readonly seq: number;
  readonly position: string;
  readonly incidentId: string | null;
  readonly atMs: number;
  readonly type: string;
  readonly actor: string;
  readonly ref: string | null;
  readonly entry: string;
};
export type IncidentRow = {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
  readonly state: string;
  readonly residentId: string | null;
  readonly region: string | null;
  readonly record: string;
};
/** A frame or words, with what proves them; `text` null: erased. */
export type KeptRow = {
  readonly seq: number;
  readonly id: string;
  readonly incidentId: string | null;
  readonly atMs: number;
  readonly text: string | null;
  readonly salt: string | null;
  readonly hash: string;
  readonly why: string | null;
};

/** What the chain says of removals: cases and loose alarms of erased people, and how far the retention of each class went. */
export type Removals = {
  readonly incidentIds: ReadonlySet<string>;
  readonly eventIds: ReadonlySet<string>;
  readonly beforeMs: ReadonlyMap<string, number>;
};

/** Lines of the log against the steps of the chain, both ways. */
export function checkLogRows(steps: readonly ChainSaying[], rows: readonly LogRow[]): ChainFault[] {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  const faults: ChainFault[] = [];
  for (const { seq, said } of steps) {
    const row = bySeq.get(seq);
    bySeq.delete(seq);
    if (row === undefined) faults.push({ code: 'row-missing', seq, detail: 'incident_log' });
    else if (!isLine(row, said)) faults.push({ code: 'row-changed', seq, detail: 'incident_log' });
  }
  for (const seq of bySeq.keys()) faults.push({ code: 'row-foreign', seq, detail: 'incident_log' });
  return faults;
}

function isLine(row: LogRow, said: ChainSaying['said']): boolean {
  const entry = said['entry'] as StoredEntry;
  const found = parseObject(row.entry);
  // What nobody could read stands in the chain as such, and in the row as it came.
  const isText = entry.type === 'unreadable' || (found !== null && canonicalJson(found) === canonicalJson(entry));
  return (
    isText &&
    row.position === said['position'] &&
    row.incidentId === entry.incidentId &&
    row.atMs === entry.at &&
    row.type === entry.type &&
    row.actor === entry.actor &&
    row.ref === (entry.ref ?? null)
  );
}

/** Incidents against the steps that brought their newest version. */
export function checkIncidentRows(steps: readonly ChainSaying[], rows: readonly IncidentRow[]): ChainFault[] {
  const bySeq = new Map(steps.map(({ seq, said }) => [seq, said]));
  return rows.flatMap((row): ChainFault[] => {
    const told = bySeq.get(row.seq)?.['incident'] as { version: number; hash: string } | undefined;
    const record: Record<string, unknown> = { ...parseObject(row.record) };
    const isSame =
      told !== undefined &&
      told.version === row.version &&
      told.hash === sha256(row.record).toString('base64url') &&
      record['id'] === row.id &&
      record['state'] === row.state &&
      record['residentId'] === row.residentId &&
      record['region'] === row.region;
    return isSame ? [] : [{ code: 'row-changed', seq: row.seq, detail: `incidents ${row.id}` }];
  });
}

/** Frames and words against the hashes that the chain has; `expected` gives number and hash by id. */
export function checkKeptRows(
  table: 'events' | 'personal_texts',
  expected: ReadonlyMap<string, { readonly seq: number; readonly hash: string }>,
  rows: readonly KeptRow[],
  removals: Removals,
): ChainFault[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const foreign = rows.filter(({ id }) => !expected.has(id));
  return [
    ...foreign.map(({ seq, id }): ChainFault => ({ code: 'row-foreign', seq, detail: `${table} ${id}` })),
    ...[...expected].flatMap(([id, { seq, hash }]): ChainFault[] => {
      const row = byId.get(id);
      const code = judgeKept(table, hash, row, removals);
      return code === null ? [] : [{ code, seq, detail: `${table} ${id}` }];
    }),
  ];
}

function judgeKept(
  table: 'events' | 'personal_texts',
  hash: string,
  row: KeptRow | undefined,
  removals: Removals,
): ChainFault['code'] | null {
  if (row === undefined) return 'row-missing';
  if (row.hash !== hash) return 'row-changed';
  if (row.text === null) return isTraced(table, row, removals) ? null : 'erased-without-trace';
  if (row.salt !== null && hashSalted(row.salt, row.text) === hash) return null;
  return table === 'events' ? 'frame-changed' : 'words-changed';
}

function isTraced(
  table: 'events' | 'personal_texts',
  row: KeptRow,
  { incidentIds, eventIds, beforeMs }: Removals,
): boolean {
  switch (row.why) {
    case 'erasure':
      return row.incidentId === null ? eventIds.has(row.id) : incidentIds.has(row.incidentId);
    case 'retention':
      return row.atMs < (beforeMs.get(table) ?? Number.NEGATIVE_INFINITY);
    // Redis had lost them before they could be kept.
    case 'missing':
      return table === 'personal_texts';
    default:
      return false;
  }
}

export type MinuteRow = {
  readonly seq: number;
  readonly gatewayId: string;
  readonly minuteMs: number;
  readonly upS: number;
  readonly degraded: boolean;
  readonly latenessMs: number;
};

/** Minutes of the gateways against what the chain says of them; those that the retention removed are not there. */
export function checkMinuteRows(minutes: readonly ChainSaying[], rows: readonly MinuteRow[]): ChainFault[] {
  const bySeq = new Map(minutes.map(({ seq, said }) => [seq, said['data'] as Record<string, unknown>]));
  return rows.flatMap((row): ChainFault[] => {
    const told = bySeq.get(row.seq);
    if (told === undefined) return [{ code: 'row-foreign', seq: row.seq, detail: 'gateway_minutes' }];
    const isSame =
      told['gatewayId'] === row.gatewayId &&
      told['minute'] === row.minuteMs &&
      told['upS'] === row.upS &&
      told['degraded'] === row.degraded &&
      told['latenessMs'] === row.latenessMs;
    const at = formatIso(row.minuteMs);
    return isSame ? [] : [{ code: 'row-changed', seq: row.seq, detail: `gateway_minutes ${row.gatewayId} ${at}` }];
  });
}
