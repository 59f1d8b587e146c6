import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { AlarmDecider } from '../decide.ts';
import type { CommitRequest } from '../commit-script.ts';
import { subjectsOf, type IncidentRecord } from '../record.ts';
import { faultWord, StoreSilentError } from '../store-silence.ts';
import type { IncidentStore } from '../store.ts';
import type { LocalStore } from './local-store.ts';
import type { LocalPlan } from './plan-journal.ts';
import { appliedKey, buildReplay, eventsOf, incidentIdsOf, isAboutAlarm, openedBy } from './plan-replay.ts';
import { planRejoined } from './plan-rejoined.ts';

/** How many plans are under way at once; the connection keeps their order. Chosen. */
const AT_ONCE = 64;
/** A merge that is refused so often meets somebody who changes the case all the time. */
const MAX_ROUNDS = 50;
/** What fails so often with Redis there is set aside: it would keep everything else from going back for ever. Chosen. */
const MAX_FAULTS = 3;

export type Rejoin = {
  /**
   * Tells Redis everything that was carried out here, until nothing is left; synchronously with that `whenDone` is called
   * with the ids of the log entries that came of it. Rejects when Redis falls silent: then call it again later, nothing is
   * done twice.
   */
  readonly run: (whenDone: (own: ReadonlySet<string>) => void) => Promise<void>;
};

export type RejoinDeps = {
  readonly local: Pick<LocalStore, 'next' | 'forgetNext' | 'record' | 'lines' | 'adopt'>;
  readonly store: IncidentStore;
  /** The commit script on Redis. */
  readonly run: (request: CommitRequest) => Promise<string[]>;
  /** Decides an alarm on Redis. */
  readonly decide: AlarmDecider;
  /** Whether somebody was told already, without Redis. */
  readonly wasSent: (notificationId: string) => boolean;
  /** A case that was opened here is part of another one on Redis. */
  readonly onWent?: (incidentId: string, to: string) => void;
  /** A case that Redis would not have: what this gateway knows of it, without words. */
  readonly onSetAside?: (record: IncidentRecord, lines: readonly string[]) => Promise<void>;
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
  const faults = new Map<string, number>();

  /** Null: it was tried often enough. A Redis that is silent may be silent as often as it likes. */
  async function orSetAside<T>(kind: 'plan' | 'alarm' | 'case', id: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreSilentError) throw error;
      const name = `${kind} ${id}`;
      const count = (faults.get(name) ?? 0) + 1;
      faults.set(name, count);
      if (count < MAX_FAULTS) throw error;
      logger.error(
        { kind, id, code: faultWord(error) },
        'redis will not have what was done without it, it is set aside',
      );
      return null;
    }
  }

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
      const event = JSON.parse(text) as AlarmEvent;
      // One that is set aside is in the stream, too: ordinary dispatch takes it, or opens a case for what it cannot read.
      const decided = await orSetAside('alarm', event.id, () => deps.decide(event, null));
      if (decided === null) continue;
      const { incidentId, logIds } = decided;
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
      const subjects = [...new Set([remote ?? record, record].flatMap(subjectsOf))];
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

  async function keepAside(incidentId: string): Promise<void> {
    const record = local.record(incidentId);
    if (record === null) return;
    try {
      await deps.onSetAside?.(record, local.lines(incidentId));
    } catch (error) {
      logger.error({ incidentId, code: faultWord(error) }, 'what was set aside could not be kept');
    }
  }

  async function loadIndex(subject: string) {
    return { subject, held: await store.loadIndex(subject) };
  }

  return {
    run: async (whenDone) => {
      const own = new Set<string>();
      for (;;) {
        const batch = local.next(AT_ONCE);
        if (batch.length > 0) {
          // Sent in one go: the connection keeps the order, and each plan builds on the one before it.
          const taken = await Promise.all(batch.map((plan) => orSetAside('plan', plan.id, () => replay(plan, own))));
          for (const [n, plan] of batch.entries()) if (taken[n] !== true) await noteDiverged(plan, own);
          local.forgetNext();
          continue;
        }
        const next = diverged.values().next().value;
        if (next === undefined) {
          wentTo.clear();
          faults.clear();
          whenDone(own);
          return;
        }
        const merged = await orSetAside('case', next.incidentId, async () => {
          await merge(next, own);
          return true;
        });
        if (merged === null) await keepAside(next.incidentId);
        diverged.delete(next.incidentId);
      }
    },
  };
}
