import type { NotificationDraft } from '../commit.ts';
import type { CommitArgument, CommitOp, CommitRequest } from '../commit-script.ts';
import { argumentOf } from './apply-request.ts';
import type { LocalPlan } from './plan-journal.ts';
import { redisKey } from '../../store/keys.ts';

/** How long Redis remembers that it has a plan of ours: as long as a gateway may lie dead with it. Chosen. */
const APPLIED_TTL_MS = 8 * 24 * 60 * 60 * 1000;

/** Under this key Redis remembers that it has the plan. */
export function appliedKey(planId: string): string {
  return redisKey('applied', planId);
}

/**
 * The request that carries a local plan out on Redis as it was carried out here, or not at all: once, and only where every
 * record is, to the letter, what it was here. A version alone would not tell: others may have come to the same number.
 */
export function buildReplay(
  { id, request, before }: LocalPlan,
  wasSent: (notificationId: string) => boolean,
): CommitRequest {
  const { checks, ops } = argumentOf(request);
  const keys = [...request.keys, appliedKey(id)];
  const mark = keys.length;
  const records = before.flatMap(({ key, json }) => {
    const number = request.keys.indexOf(key) + 1;
    return number === 0 ? [] : [{ key: number, field: 'json', was: json }];
  });
  const argument: CommitArgument = {
    checks: [...checks, ...records, { key: mark, was: null }],
    ops: [
      { op: 'set', key: mark, value: '1', ttlMs: APPLIED_TTL_MS },
      ...ops.filter((op) => op.op !== 'ack' && (op.op !== 'outbox' || !wasSent(draftOf(op.value).id))),
    ],
  };
  return { keys, argument: JSON.stringify(argument) };
}

function draftOf(json: string): NotificationDraft {
  return JSON.parse(json) as NotificationDraft;
}

const INCIDENT_KEY = /^\{zj\}:incident:([A-Za-z0-9._-]+)$/;

/** Ids of the incidents that a plan changes, or only tells something about. */
export function incidentIdsOf(plan: LocalPlan): readonly string[] {
  const changed = plan.before.flatMap(({ key }) => INCIDENT_KEY.exec(key)?.[1] ?? []);
  const told = carriedBy(plan).lines.flatMap(({ incidentId }) => incidentId ?? []);
  return [...new Set([...changed, ...told])];
}

/** Ids of the incidents that a plan opened. */
export function openedBy({ before }: LocalPlan): readonly string[] {
  return before.flatMap(({ key, json }) => (json === null ? (INCIDENT_KEY.exec(key)?.[1] ?? []) : []));
}

const EVENT_PREFIX = redisKey('event', '');

/** The alarms that a plan decided, as JSON. */
export function eventsOf({ request }: LocalPlan): readonly string[] {
  return argumentOf(request).ops.flatMap((op) =>
    op.op === 'set' && request.keys[op.key - 1]?.startsWith(EVENT_PREFIX) ? [op.value] : [],
  );
}

const SEEN_PREFIX = redisKey('seen', '');

/** Whether the plan is about an alarm: then dispatch decides that alarm again, and writes its lines itself. */
export function isAboutAlarm({ request }: LocalPlan): boolean {
  return request.keys.some((key) => key.startsWith(SEEN_PREFIX));
}

export type Carried = {
  readonly lines: readonly { readonly incidentId: string | null; readonly entry: string }[];
  /** Words beside the log: key and text. */
  readonly texts: readonly { readonly key: string; readonly value: string; readonly ttlMs?: number }[];
  readonly notifications: readonly NotificationDraft[];
};

const PERSONAL_PREFIX = redisKey('personal', '');
const COMMAND_PREFIX = redisKey('command', '');

/** What of a plan is kept where its record cannot be: its lines, their words, first answers, and whom it tells. */
export function carriedBy({ request }: LocalPlan): Carried {
  const { ops } = argumentOf(request);
  const keyOf = (op: CommitOp): string => request.keys[op.key - 1] ?? '';
  return {
    lines: ops.flatMap((op) => {
      if (op.op !== 'log') return [];
      const { incidentId } = JSON.parse(op.entry) as { readonly incidentId: string | null };
      return [{ incidentId, entry: op.entry }];
    }),
    texts: ops.flatMap((op) => {
      if (op.op !== 'set') return [];
      const key = keyOf(op);
      if (!key.startsWith(PERSONAL_PREFIX) && !key.startsWith(COMMAND_PREFIX)) return [];
      return [{ key, value: op.value, ...(op.ttlMs === undefined ? {} : { ttlMs: op.ttlMs }) }];
    }),
    notifications: ops.flatMap((op) => (op.op === 'outbox' ? [draftOf(op.value)] : [])),
  };
}
