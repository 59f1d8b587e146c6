import { formatIso } from '../clock.ts';
import type { StoredEntry } from '../incidents/commit-script.ts';
import { canonicalJson } from './canonical.ts';
import type { ChainFault } from './check-links.ts';
import { parseObject, sha256 } from './log-line.ts';
import { calcClosedAtMs } from './plan-projection.ts';
import type { IncidentRecord } from '../incidents/record.ts';

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
  /** SHA-256 of `entry`. */
  readonly entryHash: Buffer;
};
export type IncidentRow = {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
  readonly record: string;
  /** What stands beside the record, to be found by. */
  readonly columns: IncidentColumns;
};
export type IncidentColumns = Pick<
  IncidentRecord,
  'state' | 'type' | 'priority' | 'region' | 'homeId' | 'residentId' | 'deviceId' | 'candidates' | 'openedAt'
> & { readonly closedAt: number | null };

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
  // What nobody could read stands in the chain by its hash, and in the row as it came.
  const isText =
    entry.type === 'unreadable'
      ? said['textHash'] === sha256(row.entry).toString('base64url')
      : found !== null && canonicalJson(found) === canonicalJson(entry);
  return (
    isText &&
    row.entryHash.equals(sha256(row.entry)) &&
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
    const told = readVersion(bySeq.get(row.seq));
    const record = parseObject(row.record) as IncidentRecord | null;
    const isSame =
      told !== null &&
      record !== null &&
      told.version === row.version &&
      told.hash === sha256(row.record).toString('base64url') &&
      record.id === row.id &&
      canonicalJson(columnsOf(record)) === canonicalJson(row.columns);
    return isSame ? [] : [{ code: 'row-changed', seq: row.seq, detail: `incidents ${row.id}` }];
  });
}

function columnsOf(record: IncidentRecord): IncidentColumns {
  const { state, type, priority, region, homeId, residentId, deviceId, candidates, openedAt } = record;
  const closedAt = calcClosedAtMs(record);
  return { state, type, priority, region, homeId, residentId, deviceId, candidates, openedAt, closedAt };
}

/**
 * That the row of each incident is no older than these steps: the highest version stands, and of two lives of Redis that
 * told the same one, the first.
 */
export function checkNewest(
  steps: readonly ChainSaying[],
  rows: readonly Pick<IncidentRow, 'id' | 'version' | 'seq'>[],
): ChainFault[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const faults = new Map<string, ChainFault>();
  for (const { seq, said } of steps) {
    const id = idOfIncident(said);
    const told = readVersion(said);
    if (id === null || told === null) continue;
    const row = byId.get(id);
    const isOlder =
      row !== undefined && (row.version < told.version || (row.version === told.version && row.seq > seq));
    const code = row === undefined ? 'row-missing' : isOlder ? 'row-changed' : null;
    if (code !== null) faults.set(id, { code, seq, detail: `incidents ${id}` });
  }
  return [...faults.values()];
}

/** Which incident a step brought a version of; null for none. */
export function idOfIncident(said: ChainSaying['said']): string | null {
  const { incidentId } = said['entry'] as StoredEntry;
  return readVersion(said) === null ? null : incidentId;
}

function readVersion(said: ChainSaying['said'] | undefined): { version: number; hash: string } | null {
  return (said?.['incident'] as { version: number; hash: string } | undefined) ?? null;
}

export type MinuteRow = {
  readonly seq: number;
  readonly gatewayId: string;
  readonly minuteMs: number;
  readonly upS: number;
  readonly degraded: boolean;
  readonly latenessMs: number;
  readonly faults: readonly string[];
};

/** Minutes of the gateways against what the chain says of them, both ways; the retention removed those before `beforeMs`. */
export function checkMinuteRows(
  minutes: readonly ChainSaying[],
  rows: readonly MinuteRow[],
  beforeMs: number,
): ChainFault[] {
  const bySeq = new Map(minutes.map(({ seq, said }) => [seq, said['data'] as Record<string, unknown>]));
  const faults = rows.flatMap((row): ChainFault[] => {
    const told = bySeq.get(row.seq);
    bySeq.delete(row.seq);
    if (told === undefined) return [{ code: 'row-foreign', seq: row.seq, detail: 'gateway_minutes' }];
    const isSame =
      told['gatewayId'] === row.gatewayId &&
      told['minute'] === row.minuteMs &&
      told['upS'] === row.upS &&
      told['degraded'] === row.degraded &&
      told['latenessMs'] === row.latenessMs &&
      canonicalJson((told['faults'] as unknown[]).map(String)) === canonicalJson(row.faults);
    const at = formatIso(row.minuteMs);
    return isSame ? [] : [{ code: 'row-changed', seq: row.seq, detail: `gateway_minutes ${row.gatewayId} ${at}` }];
  });
  const missing = [...bySeq].filter(([, told]) => Number(told['minute']) >= beforeMs);
  return [
    ...faults,
    ...missing.map(([seq, told]): ChainFault => ({
      code: 'row-missing',
      seq,
      detail: `gateway_minutes ${String(told['gatewayId'])}`,
    })),
  ];
}
