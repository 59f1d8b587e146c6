import type { Logger } from 'pino';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import type { NotificationDraft } from '../commit.ts';
import type { CommitRequest, StoredPersonal } from '../commit-script.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import type { LogItem } from '../log/log-reader.ts';
import type { IncidentRecord } from '../record.ts';
import { StoreSilentError } from '../store-silence.ts';
import { createIncidentStore, type IncidentStore } from '../store.ts';
import { applyRequest, argumentOf, type AppliedLine } from './apply-request.ts';
import { compactPlans } from './compact-plans.ts';
import type { Keyspace } from './keyspace.ts';
import { createLocalRedis } from './local-redis.ts';
import type { LocalPlan, PlanJournal } from './plan-journal.ts';
import { carriedBy } from './plan-replay.ts';

/** So many plans are kept one by one; beyond it steps are put together, whenever their number has doubled. Chosen. */
const COMPACT_FROM = 1000;

/** A line that only this gateway has: it has no place in the shared log yet. */
export type LocalItem = Omit<LogItem, 'id'> & { readonly id: null };

export type LocalStore = {
  /** The same interface on this gateway's memory. Rejects with StoreSilentError while it is closed. */
  readonly store: IncidentStore;
  /** Begins from what Redis had (the store keeps this keyspace) and carries plans out again that were journalled before. */
  readonly open: (space: Keyspace, plans: readonly LocalPlan[]) => void;
  readonly close: () => void;
  /** The keys as they are here; null while it is closed. */
  readonly space: () => Keyspace | null;
  /** What was carried out here and Redis has not been told of, in order. */
  readonly plans: () => readonly LocalPlan[];
  /** The first of them, at most so many; they stay as they are until they are forgotten. */
  readonly next: (count: number) => readonly LocalPlan[];
  /** Redis was told of those that `next` gave, or is to be told of them otherwise. */
  readonly forgetNext: () => void;
  readonly record: (incidentId: string) => IncidentRecord | null;
  /** The record as it stands now on Redis takes the place of ours. */
  readonly adopt: (record: IncidentRecord) => void;
  readonly lines: (incidentId: string) => readonly string[];
};

/**
 * Carries out plans in memory while Redis is away. A plan counts when it is on this gateway's disk; when the disk refuses
 * too it counts all the same: a case that a crash may forget is better than one that never rings.
 */
export function createLocalStore(deps: {
  readonly journal: Pick<PlanJournal, 'append' | 'rewrite'>;
  readonly alarmStream: string;
  readonly newPlanId: () => string;
  /** Told of every plan in order, once it counts. */
  readonly onDone: (items: readonly LocalItem[], notifications: readonly NotificationDraft[]) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly compactFrom?: number;
}): LocalStore {
  const { journal, newPlanId, clock, logger, compactFrom = COMPACT_FROM } = deps;
  const lines = new RepeatGuard(clock);
  let space: Keyspace | null = null;
  let plans: LocalPlan[] = [];
  let inHand = 0;
  /** Forgotten, and yet needed on disk: the run after this one begins from what was known before all of them. */
  let behind: LocalPlan[] = [];
  let compactAt = compactFrom;
  let lastLogMs = 0;
  let lastLogNumber = 0;

  function newLogId(): string {
    const nowMs = Math.max(lastLogMs, Math.floor(clock.nowMs()));
    lastLogNumber = nowMs === lastLogMs ? lastLogNumber + 1 : 0;
    lastLogMs = nowMs;
    return `${nowMs}-${lastLogNumber}`;
  }

  function need(): Keyspace {
    if (space === null) throw new StoreSilentError('not-degraded', undefined);
    return space;
  }

  function toItem(held: Keyspace, { id, entry, incident }: AppliedLine): LocalItem {
    const text = entry.ref === undefined ? null : held.text(INCIDENT_KEYS.personal(entry.ref), clock.nowMs());
    const said = text === null ? {} : (JSON.parse(text) as StoredPersonal).said;
    return { id: null, entry: { ...entry, id, said }, incident };
  }

  /** While Redis is away for long neither memory nor disk may fill with steps of cases that nobody attends. */
  function compact(): void {
    if (plans.length + behind.length < compactAt) return;
    plans = [...plans.slice(0, inHand), ...compactPlans(plans.slice(inHand))];
    behind = compactPlans(behind);
    compactAt = Math.max(compactFrom, 2 * (plans.length + behind.length));
    journal
      .rewrite(() => [...behind, ...plans])
      .catch((error: unknown) => {
        const code = errorCode(error);
        logger.error({ code }, 'the journal of plans made without redis could not be made shorter');
      });
  }

  async function commit(request: CommitRequest): Promise<string[]> {
    const held = need();
    const applied = applyRequest(held, request, { nowMs: clock.nowMs(), newLogId });
    if (applied.kind === 'conflict') return ['conflict', String(applied.failed)];
    if (argumentOf(request).ops.every(({ op }) => op === 'ack')) return ['ok'];
    const plan = { id: newPlanId(), request, before: applied.before };
    plans.push(plan);
    try {
      await journal.append(plan);
    } catch (error) {
      const code = errorCode(error);
      if (lines.isNews(code)) logger.error({ code }, 'a plan made without redis is in memory alone');
    }
    deps.onDone(
      applied.lines.map((line) => toItem(held, line)),
      carriedBy(plan).notifications,
    );
    compact();
    return ['ok'];
  }

  const redis = createLocalRedis({ space: need, commit, nowMs: () => clock.nowMs() });
  return {
    store: createIncidentStore(redis, deps.alarmStream),
    open: (begin, journalled) => {
      space = begin;
      plans = [...journalled];
      behind = [];
      inHand = 0;
      compactAt = compactFrom;
      for (const { id, request } of journalled) {
        const applied = applyRequest(begin, request, { nowMs: clock.nowMs(), newLogId });
        if (applied.kind === 'conflict') logger.warn({ planId: id }, 'a journalled plan does not fit what is known');
      }
    },
    close: () => {
      space = null;
      plans = [];
      behind = [];
      inHand = 0;
    },
    space: () => space,
    plans: () => plans,
    next: (count) => {
      const some = plans.slice(0, count);
      inHand = some.length;
      return some;
    },
    forgetNext: () => {
      behind.push(...plans.slice(0, inHand));
      plans = plans.slice(inHand);
      inHand = 0;
    },
    record: (incidentId) => {
      const held = space?.incident(INCIDENT_KEYS.incident(incidentId)) ?? null;
      return held === null ? null : (JSON.parse(held.json) as IncidentRecord);
    },
    adopt: (record) => {
      const key = INCIDENT_KEYS.incident(record.id);
      const { id: member, openedAt: score } = record;
      space?.apply({ op: 'incident', key, version: String(record.version), json: JSON.stringify(record) });
      if (record.state === 'resolved') space?.apply({ op: 'unrank', key: INCIDENT_KEYS.openSet, member });
      else space?.apply({ op: 'rank', key: INCIDENT_KEYS.openSet, score, member });
      space?.apply({ op: 'rank', key: INCIDENT_KEYS.allSet, score, member });
    },
    lines: (incidentId) => space?.list(INCIDENT_KEYS.entries(incidentId)) ?? [],
  };
}
