import type { CommitArgument, CommitCheck, CommitOp, CommitRequest, StoredEntry } from '../commit-script.ts';
import { parseEntryLine } from '../entry-line.ts';
import type { Held } from '../held.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { numberKeys } from '../number-keys.ts';
import { guardIndex, withClosed, withOpened, type OpenIndex } from '../open-index.ts';
import { isOpen, type IncidentRecord } from '../record.ts';
import type { Keyspace } from './keyspace.ts';
import { mergeRecords, type Merged } from './merge-records.ts';

export type RefillInput = {
  /** What this gateway knows. */
  readonly space: Keyspace;
  readonly record: IncidentRecord;
  /** Its alarms that came after Redis had lost this version. */
  readonly unheard: readonly string[];
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
  const { space, remote, nowMs } = input;
  const { id } = input.record;
  const entriesKey = INCIDENT_KEYS.entries(id);
  const alarmsKey = INCIDENT_KEYS.alarms(id);
  const known = new Set([...input.lines, ...input.alarmIds]);
  const lines = space.list(entriesKey).filter((line) => !known.has(line));
  const alarmIds = space.list(alarmsKey).filter((alarmId) => !known.has(alarmId));
  const isOlder = remote === null || remote.version < input.record.version;
  if (!isOlder && lines.length === 0 && alarmIds.length === 0) return null;

  const { record, lost } = isOlder ? mergeUnheard(input) : { record: input.record, lost: null };
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
    const { openedAt: score } = record;
    const member = id;
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
  const told: StoredEntry[] = [line(id, 'refilled', nowMs, { gatewayId: input.gatewayId })];
  if (lost !== null) told.push(line(id, 'lapsed', nowMs, { ...lost, ownerId: record.ownerId }));
  const [list, key] = [numberOf(entriesKey), numberOf(INCIDENT_KEYS.log)];
  for (const entry of told) ops.push({ op: 'log', key, list, from: incident, entry: JSON.stringify(entry) });
  const argument: CommitArgument = { checks, ops };
  return { keys, argument: JSON.stringify(argument) };
}

/** A press that joined the older version of Redis rings also in ours: whoever closed that could not have heard of it. */
function mergeUnheard(input: RefillInput): Pick<Merged, 'record' | 'lost'> {
  const { space, record, remote, nowMs } = input;
  if (remote === null || !isOpen(remote)) return { record, lost: null };
  const heard = new Set(space.list(INCIDENT_KEYS.alarms(record.id)));
  const news = new Set([...input.unheard, ...input.lines.flatMap(pressOf).filter((alarmId) => !heard.has(alarmId))]);
  if (news.size === 0) return { record, lost: null };
  const pressed = { ...remote, presses: record.presses + news.size };
  // Ours was there first: what Redis has began when that was lost.
  return mergeRecords({ local: record, remote: pressed, localClaimedAt: null, remoteClaimedAt: nowMs, nowMs });
}

function pressOf(text: string): string[] {
  const { type, data } = parseEntryLine(text).entry;
  const { alarmId } = data;
  return (type === 'opened' || type === 'joined') && typeof alarmId === 'string' ? [alarmId] : [];
}

function line(incidentId: string, type: string, at: number, data: StoredEntry['data']): StoredEntry {
  return { incidentId, type, actor: 'system', at, data };
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
