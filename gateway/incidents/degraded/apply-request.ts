import type { CommitArgument, CommitRequest, StoredEntry } from '../commit-script.ts';
import type { IncidentRecord } from '../record.ts';
import type { Keyspace } from './keyspace.ts';

export type AppliedLine = {
  readonly id: string;
  readonly entry: StoredEntry;
  readonly incident: IncidentRecord | null;
};

/** The exact text that an incident's record had before: what tells, later, whether Redis has moved on. */
export type Before = { readonly key: string; readonly json: string | null };

export type Applied =
  | { readonly kind: 'conflict'; readonly failed: number }
  | { readonly kind: 'done'; readonly lines: readonly AppliedLine[]; readonly before: readonly Before[] };

/** Parses what `buildCommitRequest` wrote. */
export function argumentOf(request: CommitRequest): CommitArgument {
  return JSON.parse(request.argument) as CommitArgument;
}

/**
 * What the commit script does, on keys in memory: every check first, and then every write or none. Stream entries that a
 * plan acknowledges and notifications are not kept here. Kept equal to the script by a test that runs both.
 */
export function applyRequest(
  space: Keyspace,
  request: CommitRequest,
  context: { readonly nowMs: number; readonly newLogId: () => string },
): Applied {
  const { nowMs, newLogId } = context;
  const { checks, ops } = argumentOf(request);
  const keyOf = (number: number): string => request.keys[number - 1] ?? '';
  for (const [n, check] of checks.entries()) {
    const key = keyOf(check.key);
    const held = space.incident(key);
    const now = check.field === undefined ? space.text(key, nowMs) : check.field === 'v' ? held?.version : held?.json;
    if ((now ?? null) !== check.was) return { kind: 'conflict', failed: n + 1 };
  }
  const lines: AppliedLine[] = [];
  const before: Before[] = [];
  for (const op of ops) {
    const key = keyOf(op.key);
    switch (op.op) {
      case 'set': {
        const until = op.ttlMs === undefined ? null : nowMs + op.ttlMs;
        space.apply({ op: 'text', key, value: op.value, until });
        break;
      }
      case 'incident':
        before.push({ key, json: space.incident(key)?.json ?? null });
        space.apply({ op: 'incident', key, version: op.version, json: op.json });
        break;
      case 'push':
        space.apply({ op: 'push', key, value: op.value });
        break;
      case 'pull':
        space.apply({ op: 'pull', key, value: op.value });
        break;
      case 'rank':
        space.apply({ op: 'rank', key, score: op.score, member: op.member });
        break;
      case 'unrank':
        space.apply({ op: 'unrank', key, member: op.member });
        break;
      case 'log': {
        const id = newLogId();
        if (op.list !== undefined) space.apply({ op: 'push', key: keyOf(op.list), value: `${id}\n${op.entry}` });
        const json = op.from === undefined ? undefined : space.incident(keyOf(op.from))?.json;
        lines.push({
          id,
          entry: JSON.parse(op.entry) as StoredEntry,
          incident: json === undefined ? null : (JSON.parse(json) as IncidentRecord),
        });
        break;
      }
      case 'outbox':
      case 'ack':
        break;
    }
  }
  return { kind: 'done', lines, before };
}
