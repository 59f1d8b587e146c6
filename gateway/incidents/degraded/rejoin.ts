import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { AlarmDecider } from '../decide.ts';
import type { CommitRequest } from '../commit-script.ts';
import { subjectsOf } from '../record.ts';
import type { IncidentStore } from '../store.ts';
import type { LocalStore } from './local-store.ts';
import type { LocalPlan } from './plan-journal.ts';
import { appliedKey, buildReplay, eventsOf, incidentIdsOf, isAboutAlarm, openedBy } from './plan-replay.ts';
import { planRejoined } from './plan-rejoined.ts';

/** How many plans are under way at once; the connection keeps their order. Chosen. */
const AT_ONCE = 64;
/** A merge that is refused so often meets somebody who changes the case all the time. */
const MAX_ROUNDS = 50;

export type Rejoin = {
  /**
   * Tells Redis everything that was carried out here, until nothing is left; synchronously with that `whenDone` is called
   * with the ids of the log entries that came of it. Rejects when Redis falls silent: then call it again later, nothing is
   * done twice.
   */
  readonly run: (whenDone: (own: ReadonlySet<string>) => void) => Promise<void>;
};

export type RejoinDeps = {
  readonly local: Pick<LocalStore, 'plans' | 'forget' | 'record' | 'lines' | 'adopt'>;
  readonly store: IncidentStore;
  /** The commit script on Redis. */
  readonly run: (request: CommitRequest) => Promise<string[]>;
  /** Decides an alarm on Redis. */
  readonly decide: AlarmDecider;
  /** Whether somebody was told already, without Redis. */
  readonly wasSent: (notificationId: string) => boolean;
  /** A case that was opened here is part of another one on Redis. */
  readonly onWent?: (incidentId: string, to: string) => void;
  readonly gatewayId: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
};

/** What Redis would not take as it was: others had gone on. */
type Diverged = { readonly incidentId: string; readonly plans: LocalPlan[] };

export function createRejoin(deps: RejoinDeps): Rejoin {
  const { local, store, logger } = deps;
  /** Where an incident of ours went on Redis, when the alarm that opened it had gone elsewhere. */
  const wentTo = new Map<string, string>();
  const diverged = new Map<string, Diverged>();

  /** True when Redis has it as it was here. */
  async function replay(plan: LocalPlan, own: Set<string>): Promise<boolean> {
    const [word, ...logIds] = await deps.run(buildReplay(plan, deps.wasSent));
    if (word === 'ok') {
      for (const id of logIds) own.add(id);
      return true;
    }
    return (await store.loadText(appliedKey(plan.id))) !== null;
  }

  async function noteDiverged(plan: LocalPlan, own: Set<string>): Promise<void> {
    for (const text of eventsOf(plan)) {
      const { incidentId, logIds } = await deps.decide(JSON.parse(text) as AlarmEvent, null);
      for (const id of logIds) own.add(id);
      for (const opened of openedBy(plan)) {
        if (incidentId === null || incidentId === opened) continue;
        wentTo.set(opened, incidentId);
        deps.onWent?.(opened, incidentId);
      }
    }
    for (const incidentId of incidentIdsOf(plan)) {
      const known = diverged.get(incidentId) ?? { incidentId, plans: [] };
      if (!isAboutAlarm(plan) && !known.plans.includes(plan)) known.plans.push(plan);
      diverged.set(incidentId, known);
    }
  }

  async function merge({ incidentId, plans }: Diverged, own: Set<string>): Promise<void> {
    const target = wentTo.get(incidentId) ?? incidentId;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const record = local.record(incidentId);
      if (record === null) return;
      const [remote, entries] = await Promise.all([store.loadIncident(target), store.loadEntries(target)]);
      const subjects = subjectsOf(remote ?? record);
      const [indexes, applied] = await Promise.all([
        Promise.all(subjects.map(loadIndex)),
        Promise.all(plans.map(async ({ id }) => (await store.loadText(appliedKey(id))) !== null)),
      ]);
      const planned = planRejoined({
        local: record,
        localLines: local.lines(incidentId),
        remote,
        remoteEntries: entries,
        plans: plans.filter((_plan, n) => applied[n] === false),
        indexes,
        wasSent: deps.wasSent,
        gatewayId: deps.gatewayId,
        nowMs: deps.nowMs(),
      });
      if (planned === null) return;
      const [word, ...logIds] = await deps.run(planned.request);
      if (word !== 'ok') continue;
      for (const id of logIds) own.add(id);
      // What comes after is made from what stands on Redis now.
      const isUnchanged = local.record(incidentId)?.version === record.version;
      if (target === incidentId && isUnchanged) local.adopt(planned.record);
      logger.warn({ incidentId: target, plans: plans.length }, 'others had gone on with a case, both are merged');
      return;
    }
    throw new Error('a case could not be merged; it changes all the time');
  }

  async function loadIndex(subject: string) {
    return { subject, held: await store.loadIndex(subject) };
  }

  return {
    run: async (whenDone) => {
      const own = new Set<string>();
      for (;;) {
        const batch = local.plans().slice(0, AT_ONCE);
        if (batch.length > 0) {
          // Sent in one go: the connection keeps the order, and each plan builds on the one before it.
          const taken = await Promise.all(batch.map((plan) => replay(plan, own)));
          for (const [n, plan] of batch.entries()) if (taken[n] === false) await noteDiverged(plan, own);
          local.forget(batch.length);
          continue;
        }
        const next = diverged.values().next().value;
        if (next === undefined) {
          wentTo.clear();
          whenDone(own);
          return;
        }
        await merge(next, own);
        diverged.delete(next.incidentId);
      }
    },
  };
}
