import { randomUUID } from 'node:crypto';
import type { CommitPlan, EntryDraft } from './commit.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { DISPATCH_GROUP, INCIDENT_KEYS } from './keys.ts';
import { numberKeys } from './number-keys.ts';
import { isOpen } from './record.ts';

/**
 * The one script that changes incidents. First every check, then every write; a check that fails writes nothing. Redis runs
 * it whole, so a crash of the gateway leaves all of a decision or none of it. A server that refuses writes (OOM, MISCONF,
 * READONLY, NOREPLICAS) refuses a script's first write and none after it; so the first write is one that needs memory, or
 * the whole plan needs none (only an XACK). A shebang with flags would say the same and is not known before Redis 7.
 *
 * A line about an incident carries the incident as it stands after all of the plan's changes, so that no reader can see an
 * older one.
 *
 * KEYS: whatever the request names by number. ARGV[1]: JSON {checks, ops}.
 * Answer: {'conflict', n} with the number of the check that failed, or {'ok', id, …} with the ids of the log entries.
 */
export const COMMIT_SCRIPT = `
local request = cjson.decode(ARGV[1])
for n, check in ipairs(request.checks) do
  local now
  if check.field then now = redis.call('HGET', KEYS[check.key], check.field) else now = redis.call('GET', KEYS[check.key]) end
  local was = check.was
  if was == cjson.null then was = false end
  if now ~= was then return {'conflict', tostring(n)} end
end
local answer = {'ok'}
for _, op in ipairs(request.ops) do
  local key = KEYS[op.key]
  if op.op == 'set' then
    if op.ttlMs then redis.call('SET', key, op.value, 'PX', op.ttlMs) else redis.call('SET', key, op.value) end
  elseif op.op == 'incident' then
    redis.call('HSET', key, 'v', op.version, 'json', op.json)
  elseif op.op == 'push' then
    redis.call('RPUSH', key, op.value)
  elseif op.op == 'pull' then
    redis.call('LREM', key, 0, op.value)
  elseif op.op == 'rank' then
    redis.call('ZADD', key, op.score, op.member)
  elseif op.op == 'unrank' then
    redis.call('ZREM', key, op.member)
  elseif op.op == 'log' then
    local fields = {'entry', op.entry}
    local incident = op.from and redis.call('HGET', KEYS[op.from], 'json')
    if incident then fields[3] = 'incident' fields[4] = incident end
    local id = redis.call('XADD', key, '*', unpack(fields))
    if op.list then redis.call('RPUSH', KEYS[op.list], id .. '\\n' .. op.entry) end
    answer[#answer + 1] = id
  elseif op.op == 'outbox' then
    redis.call('XADD', key, '*', 'notification', op.value)
  elseif op.op == 'ack' then
    redis.call('XACK', key, op.group, op.id)
  end
end
return answer
`;

export type CommitCheck = { readonly key: number; readonly field?: string; readonly was: string | null };

export type CommitOp =
  | { readonly op: 'set'; readonly key: number; readonly value: string; readonly ttlMs?: number }
  | { readonly op: 'incident'; readonly key: number; readonly version: string; readonly json: string }
  | { readonly op: 'push'; readonly key: number; readonly value: string }
  | { readonly op: 'pull'; readonly key: number; readonly value: string }
  | { readonly op: 'rank'; readonly key: number; readonly score: number; readonly member: string }
  | { readonly op: 'unrank'; readonly key: number; readonly member: string }
  | {
      readonly op: 'log';
      readonly key: number;
      readonly list?: number;
      readonly from?: number;
      readonly entry: string;
    }
  | { readonly op: 'outbox'; readonly key: number; readonly value: string }
  | { readonly op: 'ack'; readonly key: number; readonly group: string; readonly id: string };

/** The script's argument, once parsed. Keys are numbered from 1. */
export type CommitArgument = { readonly checks: readonly CommitCheck[]; readonly ops: readonly CommitOp[] };

export type CommitRequest = { readonly keys: readonly string[]; readonly argument: string };

/** What a log entry looks like in Redis; `ref` and `hash` point at what can be erased. */
export type StoredEntry = Omit<EntryDraft, 'personal'> & { readonly ref?: string; readonly hash?: string };

/** What lies under a personal key: the words and the salt of the hash that the log keeps. */
export type StoredPersonal = { readonly salt: string; readonly said: Readonly<Record<string, unknown>> };

export type Sealer = {
  readonly alarmStream: string;
  /** SHA-256 over salt and text, for the log. */
  readonly hash: (salt: string, text: string) => string;
  readonly newSecret?: () => string;
};

/** Turns a plan into the script's request. */
export function buildCommitRequest(plan: CommitPlan, sealer: Sealer): CommitRequest {
  const { keys, numberOf } = numberKeys();
  const checks: CommitCheck[] = [];
  const ops: CommitOp[] = [];
  for (const { record, was } of plan.incidents) {
    const key = numberOf(INCIDENT_KEYS.incident(record.id));
    checks.push({ key, field: 'v', was: was === null ? null : String(was.version) });
    ops.push({ op: 'incident', key, version: String(record.version), json: JSON.stringify(record) });
    const openSet = numberOf(INCIDENT_KEYS.openSet);
    if (isOpen(record)) ops.push({ op: 'rank', key: openSet, score: record.openedAt, member: record.id });
    else ops.push({ op: 'unrank', key: openSet, member: record.id });
    if (was === null) {
      ops.push({ op: 'rank', key: numberOf(INCIDENT_KEYS.allSet), score: record.openedAt, member: record.id });
    }
  }
  for (const { key: name, was, becomes, ttlMs } of plan.guarded) {
    const key = numberOf(name);
    checks.push({ key, was });
    if (becomes !== null && was !== becomes)
      ops.push({ op: 'set', key, value: becomes, ...(ttlMs === null ? {} : { ttlMs }) });
  }
  for (const { id, incidentId, json } of plan.events) {
    ops.push({ op: 'set', key: numberOf(INCIDENT_KEYS.event(id)), value: json });
    if (incidentId !== null) ops.push({ op: 'push', key: numberOf(INCIDENT_KEYS.alarms(incidentId)), value: id });
  }
  for (const { from, to, alarmIds } of plan.moves ?? []) {
    for (const value of alarmIds) {
      ops.push({ op: 'pull', key: numberOf(INCIDENT_KEYS.alarms(from)), value });
      ops.push({ op: 'push', key: numberOf(INCIDENT_KEYS.alarms(to)), value });
    }
  }
  for (const draft of plan.entries) pushEntry(draft, sealer, numberOf, ops);
  for (const draft of plan.notifications) {
    ops.push({ op: 'outbox', key: numberOf(REDIS_KEYS.outbox), value: JSON.stringify(draft) });
  }
  if (plan.ack !== null) {
    ops.push({ op: 'ack', key: numberOf(sealer.alarmStream), group: DISPATCH_GROUP, id: plan.ack });
  }
  return { keys, argument: JSON.stringify({ checks, ops }) };
}

function pushEntry(draft: EntryDraft, sealer: Sealer, numberOf: (key: string) => number, ops: CommitOp[]): void {
  const { personal, ...entry } = draft;
  let stored: StoredEntry = entry;
  if (personal !== undefined) {
    const newSecret = sealer.newSecret ?? randomUUID;
    const ref = newSecret();
    const said: StoredPersonal = { salt: newSecret(), said: personal };
    stored = { ...entry, ref, hash: sealer.hash(said.salt, JSON.stringify(personal)) };
    ops.push({ op: 'set', key: numberOf(INCIDENT_KEYS.personal(ref)), value: JSON.stringify(said) });
  }
  const { incidentId } = draft;
  ops.push({
    op: 'log',
    key: numberOf(INCIDENT_KEYS.log),
    ...(incidentId === null
      ? {}
      : { list: numberOf(INCIDENT_KEYS.entries(incidentId)), from: numberOf(INCIDENT_KEYS.incident(incidentId)) }),
    entry: JSON.stringify(stored),
  });
}
