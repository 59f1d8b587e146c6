import type { CommitArgument, CommitCheck, CommitOp, CommitRequest, StoredEntry } from '../commit-script.ts';
import { REDIS_KEYS } from '../../store/keys.ts';
import { parseEntryLine } from '../entry-line.ts';
import type { Held } from '../held.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { numberKeys } from '../number-keys.ts';
import { guardIndex, withClosed, withOpened, type OpenIndex } from '../open-index.ts';
import { isOpen, subjectsOf, type IncidentRecord } from '../record.ts';
import type { HydratedEntry } from '../store.ts';
import { mergeRecords } from './merge-records.ts';
import type { LocalPlan } from './plan-journal.ts';
import { appliedKey, carriedBy } from './plan-replay.ts';

const APPLIED_TTL_MS = 8 * 24 * 60 * 60 * 1000;

export type RejoinedInput = {
  readonly local: IncidentRecord;
  /** `<log id>\n<entry JSON>`, in order. */
  readonly localLines: readonly string[];
  /** Null: Redis does not know it. */
  readonly remote: IncidentRecord | null;
  readonly remoteEntries: readonly HydratedEntry[];
  /** What was done here, is no alarm, and Redis has not. */
  readonly plans: readonly LocalPlan[];
  /** Of every subject of either side. */
  readonly indexes: readonly { readonly subject: string; readonly held: Held<OpenIndex> }[];
  /** Whether somebody was told already, without Redis. */
  readonly wasSent: (notificationId: string) => boolean;
  readonly gatewayId: string;
  readonly nowMs: number;
};

/**
 * Brings what was done here to a case with which others went on: the record merged, every line of ours that Redis has not,
 * with its words, and a word to who lost it. One request, whole or not at all; null when there is nothing to bring. Pure.
 */
export function planRejoined(
  input: RejoinedInput,
): { readonly request: CommitRequest; readonly record: IncidentRecord } | null {
  const { local, remote, plans, nowMs } = input;
  const merged =
    remote === null
      ? { record: local, lost: null, isOpenAgain: false }
      : mergeRecords({
          local,
          remote,
          localClaimedAt: claimedAt(input.localLines.map((line) => parseEntryLine(line).entry)),
          remoteClaimedAt: claimedAt(input.remoteEntries),
          nowMs,
        });
  const { record } = merged;
  const said = plans.map(carriedBy);
  const lines = said.flatMap((carried) => carried.lines).filter(({ entry }) => !isKnown(entry, input.remoteEntries));
  if (remote !== null && plans.length === 0 && !differs(record, remote)) return null;

  const { keys, numberOf } = numberKeys();
  const checks: CommitCheck[] = [];
  const ops: CommitOp[] = [];
  const incident = numberOf(INCIDENT_KEYS.incident(record.id));
  const { id: member, openedAt: score } = record;
  checks.push({ key: incident, field: 'json', was: remote === null ? null : JSON.stringify(remote) });
  for (const { id } of plans) {
    const key = numberOf(appliedKey(id));
    checks.push({ key, was: null });
    ops.push({ op: 'set', key, value: '1', ttlMs: APPLIED_TTL_MS });
  }
  ops.push({ op: 'incident', key: incident, version: String(record.version), json: JSON.stringify(record) });
  const openSet = numberOf(INCIDENT_KEYS.openSet);
  ops.push(isOpen(record) ? { op: 'rank', key: openSet, score, member } : { op: 'unrank', key: openSet, member });
  ops.push({ op: 'rank', key: numberOf(INCIDENT_KEYS.allSet), score, member });
  for (const { subject, held } of input.indexes) {
    const stands = isOpen(record) && subjectsOf(record).includes(subject);
    if (remote !== null && stands === (isOpen(remote) && subjectsOf(remote).includes(subject))) continue;
    const becomes = stands ? withOpened(held.value, record.id) : withClosed(held.value, record, nowMs);
    const { key: name, becomes: value, ttlMs } = guardIndex(subject, held, becomes);
    const key = numberOf(name);
    checks.push({ key, was: held.raw });
    if (value !== null) ops.push({ op: 'set', key, value, ...(ttlMs === null ? {} : { ttlMs }) });
  }
  for (const { key, value, ttlMs } of said.flatMap(({ texts }) => texts)) {
    ops.push({ op: 'set', key: numberOf(key), value, ...(ttlMs === undefined ? {} : { ttlMs }) });
  }
  const pushLine = (entry: string): void => {
    const list = numberOf(INCIDENT_KEYS.entries(record.id));
    ops.push({ op: 'log', key: numberOf(INCIDENT_KEYS.log), list, from: incident, entry });
  };
  for (const { entry } of lines) pushLine(JSON.stringify({ ...parseEntry(entry), incidentId: record.id }));
  for (const entry of ownLines(input, merged)) pushLine(JSON.stringify(entry));
  for (const draft of said.flatMap(({ notifications }) => notifications)) {
    if (input.wasSent(draft.id)) continue;
    const value = JSON.stringify({ ...draft, incidentId: record.id });
    ops.push({ op: 'outbox', key: numberOf(REDIS_KEYS.outbox), value });
  }
  const argument: CommitArgument = { checks, ops };
  return { request: { keys, argument: JSON.stringify(argument) }, record };
}

/** That two sides were merged, who lost it, and that it rings where a closing did not stand. */
function ownLines(input: RejoinedInput, merged: ReturnType<typeof mergeRecords>): StoredEntry[] {
  const { record, lost, isOpenAgain } = merged;
  const { local, gatewayId, nowMs } = input;
  const line = (type: string, data: StoredEntry['data']): StoredEntry => {
    return { incidentId: record.id, type, actor: 'system', at: nowMs, data };
  };
  const from = local.id === record.id ? {} : { from: local.id };
  const lines = [line('rejoined', { gatewayId, ...from })];
  if (lost !== null) lines.push(line('lapsed', { reason: lost.reason, userId: lost.userId, ownerId: record.ownerId }));
  if (record.ringing && record.rangAt === record.updatedAt) {
    const reason = isOpenAgain ? 'pressed-before-closing' : 'degraded-ended';
    lines.push(line('rang', { reason, circles: record.circles }));
  }
  return lines;
}

/** When it was last claimed. */
function claimedAt(entries: readonly Pick<StoredEntry, 'type' | 'at'>[]): number | null {
  return entries.findLast(({ type }) => type === 'claimed')?.at ?? null;
}

/** A commit whose answer was lost may have been done there and here. */
function isKnown(entry: string, remote: readonly HydratedEntry[]): boolean {
  const { type, actor, at, data } = parseEntry(entry);
  const text = JSON.stringify(data);
  return remote.some(
    (known) => known.type === type && known.actor === actor && known.at === at && JSON.stringify(known.data) === text,
  );
}

function differs(record: IncidentRecord, remote: IncidentRecord): boolean {
  const plain = ({ version: _version, updatedAt: _updatedAt, ...rest }: IncidentRecord): string =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return plain(record) !== plain(remote);
}

function parseEntry(text: string): StoredEntry {
  return JSON.parse(text) as StoredEntry;
}
