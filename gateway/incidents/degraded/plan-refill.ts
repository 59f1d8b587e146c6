import type { CommitArgument, CommitCheck, CommitOp, CommitRequest, StoredEntry } from '../commit-script.ts';
import { parseEntryLine } from '../entry-line.ts';
import type { Held } from '../held.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { numberKeys } from '../number-keys.ts';
import { guardIndex, withClosed, withOpened, type OpenIndex } from '../open-index.ts';
import { isOpen, type IncidentRecord } from '../record.ts';
import type { Keyspace } from './keyspace.ts';

export type RefillInput = {
  /** What this gateway knows. */
  readonly space: Keyspace;
  readonly record: IncidentRecord;
  /** What Redis has of the same incident: its record, its log, its alarms. */
  readonly remote: IncidentRecord | null;
  readonly lines: readonly string[];
  readonly alarmIds: readonly string[];
  readonly indexes: readonly { readonly subject: string; readonly held: Held<OpenIndex> }[];
  readonly gatewayId: string;
  readonly nowMs: number;
};

/**
 * Gives one incident back to a Redis that has an older version of it or none: record, log, alarms, words and its place among
 * the open ones. What Redis has and we have not stays. Null when there is nothing to give. Pure.
 */
export function planRefill(input: RefillInput): CommitRequest | null {
  const { space, record, remote, nowMs } = input;
  const entriesKey = INCIDENT_KEYS.entries(record.id);
  const alarmsKey = INCIDENT_KEYS.alarms(record.id);
  const known = new Set([...input.lines, ...input.alarmIds]);
  const lines = space.list(entriesKey).filter((line) => !known.has(line));
  const alarmIds = space.list(alarmsKey).filter((id) => !known.has(id));
  const isOlder = remote === null || remote.version < record.version;
  if (!isOlder && lines.length === 0 && alarmIds.length === 0) return null;

  const { keys, numberOf } = numberKeys();
  const checks: CommitCheck[] = [];
  const ops: CommitOp[] = [];
  const incident = numberOf(INCIDENT_KEYS.incident(record.id));
  checks.push({ key: incident, field: 'json', was: remote === null ? null : JSON.stringify(remote) });
  for (const value of lines) ops.push({ op: 'push', key: numberOf(entriesKey), value });
  for (const value of alarmIds) ops.push({ op: 'push', key: numberOf(alarmsKey), value });
  for (const name of [...lines.flatMap(refOf).map(INCIDENT_KEYS.personal), ...alarmIds.map(INCIDENT_KEYS.event)]) {
    const value = space.text(name, nowMs);
    if (value !== null) ops.push({ op: 'set', key: numberOf(name), value });
  }
  if (isOlder) {
    const { id: member, openedAt: score } = record;
    ops.push({ op: 'incident', key: incident, version: String(record.version), json: JSON.stringify(record) });
    const openSet = numberOf(INCIDENT_KEYS.openSet);
    ops.push(isOpen(record) ? { op: 'rank', key: openSet, score, member } : { op: 'unrank', key: openSet, member });
    ops.push({ op: 'rank', key: numberOf(INCIDENT_KEYS.allSet), score, member });
    for (const { subject, held } of input.indexes) {
      const becomes = indexWith(held.value, record);
      if (becomes === null) continue;
      const { key: name, becomes: value, ttlMs } = guardIndex(subject, held, becomes);
      const key = numberOf(name);
      checks.push({ key, was: held.raw });
      if (value !== null) ops.push({ op: 'set', key, value, ...(ttlMs === null ? {} : { ttlMs }) });
    }
  }
  // Every reader of the log has it, as it stands now.
  const refilled: StoredEntry = {
    incidentId: record.id,
    type: 'refilled',
    actor: 'system',
    at: nowMs,
    data: { gatewayId: input.gatewayId },
  };
  const list = numberOf(entriesKey);
  ops.push({ op: 'log', key: numberOf(INCIDENT_KEYS.log), list, from: incident, entry: JSON.stringify(refilled) });
  const argument: CommitArgument = { checks, ops };
  return { keys, argument: JSON.stringify(argument) };
}

/** The index with this incident in its place; null when it stands there rightly. */
function indexWith(index: OpenIndex, record: IncidentRecord): OpenIndex | null {
  const stands = index.open.includes(record.id);
  if (isOpen(record)) return stands ? null : withOpened(index, record.id);
  const closedAt = record.resolution?.at ?? record.updatedAt;
  if (!stands && (index.last?.closedAt ?? 0) >= closedAt) return null;
  return withClosed(index, record, closedAt);
}

function refOf(line: string): string[] {
  const { ref } = parseEntryLine(line).entry;
  return ref === undefined ? [] : [ref];
}
