import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { CommitPlan } from '../incidents/commit.ts';
import type { OpenIncident } from '../incidents/record.ts';
import { calcCountdown, type Countdown } from './countdown.ts';
import type { DuePlan, FiringTime } from './plan-due.ts';
import { planLapse } from './plan-lapse.ts';

/** Between two looks at the countdowns; a deadline is late by at most this much and one commit. Chosen. */
export const TICK_MS = 250;

/** How many commits are on their way at once; the most urgent go first. Chosen. */
const SIDE_BY_SIDE = 64;

/** After a commit that failed, the incident as it was is tried again no sooner than this. Chosen. */
const RETRY_MS = 1000;

/** A record that no deadline can be computed from is tried again after this. Chosen. */
const UNREADABLE_MS = 10_000;

/** A commit that has not answered for so long is left alone: no incident waits for another one's answer. Chosen. */
const COMMIT_LIMIT_MS = 5000;

export type EngineHealth = {
  readonly lastRunMonoMs: number | null;
  readonly waiting: number;
  readonly failures: number;
  /** How long the deadline that waits longest has been due; 0 when none is. */
  readonly mostOverdueMs: number;
};

export type Engine = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** An incident was read from the log (or loaded at start). What is due already fires at once, not at the next tick. Never throws. */
  readonly put: (incident: OpenIncident, isAtStart: boolean) => void;
  readonly drop: (incidentId: string) => void;
  /** One look; resolves when everything that it fired was committed, refused or left alone. */
  readonly turn: () => Promise<void>;
  readonly health: () => EngineHealth;
};

export type EngineDeps = {
  readonly find: (incidentId: string) => OpenIncident | undefined;
  /** Every open incident, as the board has it. */
  readonly open: () => readonly OpenIncident[];
  readonly plan: (incident: OpenIncident, time: FiringTime) => DuePlan | null;
  /** Whether this owner's time is over, so that their cases lapse. */
  readonly hasLapsed: (userId: string) => boolean;
  readonly commit: (plan: CommitPlan) => Promise<{ readonly kind: 'done' | 'conflict' }>;
  /** A pass went through all of its steps and there was nobody who could act; told once a pass, by who committed it. */
  readonly onNobodyReached: (incident: OpenIncident) => void;
  /** A step reached somebody who can act. */
  readonly onSomebodyReached: (incident: OpenIncident) => void;
  readonly clock: Clock;
  readonly logger: Logger;
};

/** What is to be done about an incident now. */
type Job = { readonly incident: OpenIncident; readonly plan: () => DuePlan | null };

/**
 * Counts the deadline of every open incident and fires the due ones; the commit's version check lets one gateway win. `put`
 * and `drop` make it prompt; what they missed is found at each look on the board (`open`), so that no open incident is
 * without a countdown for longer than a tick (promise P3). A look waits for no commit.
 */
export function createEngine(deps: EngineDeps): Engine {
  const { clock, logger } = deps;
  const countdowns = new Map<string, Countdown>();
  const heldUntil = new Map<string, number>();
  const unreadableUntil = new Map<string, number>();
  /** Which version its own plan makes, and when it was made: how long the commit and the log took lengthens nothing. */
  const planned = new Map<string, { readonly version: number; readonly monoMs: number }>();
  const onTheirWay = new Map<string, Promise<void>>();
  let tickTimer: NodeJS.Timeout | null = null;
  /** What became due between two looks: a look over everything for each of them would cost too much in a flood. */
  const dueBetween = new Set<string>();
  /** What is due and waits for a place, the most urgent last; made anew at each look. */
  let backlog: Job[] = [];
  let lastRunMonoMs: number | null = null;
  let failures = 0;

  function put(incident: OpenIncident, isAtStart: boolean): void {
    const known = countdowns.get(incident.id);
    const monoMs = clock.monoMs();
    const own = planned.get(incident.id);
    const isOwn = !isAtStart && own?.version === incident.version;
    const now = { wallMs: clock.nowMs(), monoMs: isOwn ? own.monoMs : monoMs };
    const next = calcCountdown(incident, known, now, isAtStart);
    if (known?.version !== next.version) heldUntil.delete(incident.id);
    countdowns.set(incident.id, next);
    if (next.dueMonoMs <= monoMs) fireSoon(incident.id);
  }

  /** A record of a newer version keeps neither the gateway from starting nor its line from whoever else listens. */
  function putGuarded(incident: OpenIncident, isAtStart: boolean): void {
    const { id } = incident;
    if (guard(id, () => put(incident, isAtStart))) unreadableUntil.delete(id);
    else unreadableUntil.set(id, clock.monoMs() + UNREADABLE_MS);
  }

  function drop(incidentId: string): void {
    countdowns.delete(incidentId);
    heldUntil.delete(incidentId);
    unreadableUntil.delete(incidentId);
    planned.delete(incidentId);
  }

  /** Before the next tick, once everything that came with it has been taken. */
  function fireSoon(incidentId: string): void {
    if (tickTimer === null) return;
    if (dueBetween.size === 0) setImmediate(fireBetween);
    dueBetween.add(incidentId);
  }

  function fireBetween(): void {
    const incidents = [...dueBetween].map(deps.find).filter((incident) => incident !== undefined);
    dueBetween.clear();
    if (tickTimer === null) return;
    backlog.push(...listJobs(incidents));
    launchWaiting();
  }

  /** Makes the countdowns those of the board. */
  function followBoard(open: readonly OpenIncident[]): void {
    const monoMs = clock.monoMs();
    for (const incident of open) {
      const { id, version } = incident;
      if (countdowns.get(id)?.version === version || (unreadableUntil.get(id) ?? 0) > monoMs) continue;
      putGuarded(incident, true);
    }
    if (countdowns.size === open.length) return;
    const onBoard = new Set<string>(open.map(({ id }) => id));
    for (const known of [countdowns, unreadableUntil]) {
      for (const id of known.keys()) if (!onBoard.has(id)) drop(id);
    }
  }

  /** One incident that cannot be handled does not keep the others from ringing. */
  function guard(incidentId: string, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      failures += 1;
      logger.error({ err: error, incidentId }, 'an open incident has no deadline');
      return false;
    }
  }

  function isHeld(incidentId: string, monoMs: number): boolean {
    return onTheirWay.has(incidentId) || (heldUntil.get(incidentId) ?? Number.NEGATIVE_INFINITY) > monoMs;
  }

  function isDue(incidentId: string, monoMs: number): boolean {
    const countdown = countdowns.get(incidentId);
    return countdown !== undefined && countdown.dueMonoMs <= monoMs && !isHeld(incidentId, monoMs);
  }

  function hasLapsed(incident: OpenIncident): boolean {
    const { id, ownerId } = incident;
    let isOver = false;
    if (ownerId !== null) guard(id, () => (isOver = deps.hasLapsed(ownerId)));
    return isOver;
  }

  function listJobs(open: readonly OpenIncident[]): Job[] {
    const monoMs = clock.monoMs();
    const jobs: Job[] = [];
    for (const incident of open) {
      const { id } = incident;
      const countdown = countdowns.get(id);
      if (!isHeld(id, monoMs) && hasLapsed(incident)) {
        jobs.push({ incident, plan: () => planLapse(incident, clock.nowMs()) });
      } else if (countdown !== undefined && isDue(id, monoMs)) {
        const lateMs = monoMs - countdown.dueMonoMs + countdown.missedMs;
        jobs.push({ incident, plan: () => deps.plan(incident, { nowMs: clock.nowMs(), lateMs }) });
      }
    }
    return jobs.toSorted((a, b) => b.incident.priority - a.incident.priority);
  }

  function look(): void {
    try {
      const open = deps.open();
      followBoard(open);
      backlog = listJobs(open);
      launchWaiting();
      lastRunMonoMs = clock.monoMs();
    } catch (error) {
      failures += 1;
      logger.error({ err: error }, 'a look of the escalation engine failed');
    }
  }

  /** What does not fit now is launched when a commit has ended. */
  function launchWaiting(): void {
    while (onTheirWay.size < SIDE_BY_SIDE) {
      const job = backlog.pop();
      if (job === undefined) return;
      const { id, version } = job.incident;
      const isCurrent = countdowns.get(id)?.version === version && !isHeld(id, clock.monoMs());
      if (isCurrent) launch(job);
    }
  }

  function launch(job: Job): void {
    const { id } = job.incident;
    const firing = fire(job).finally(() => {
      onTheirWay.delete(id);
      // The log was faster than the answer, and it is due again.
      if (isDue(id, clock.monoMs())) fireSoon(id);
      launchWaiting();
    });
    onTheirWay.set(id, firing);
  }

  async function fire({ incident, plan }: Job): Promise<void> {
    const { id: incidentId } = incident;
    heldUntil.set(incidentId, clock.monoMs() + RETRY_MS);
    try {
      const due = plan();
      if (due === null) throw new Error('the machine refuses a deadline');
      for (const { record } of due.plan.incidents) {
        planned.set(record.id, { version: record.version, monoMs: clock.monoMs() });
      }
      const { kind } = await withinLimit(deps.commit(due.plan));
      if (kind === 'conflict') return;
      if (due.reached === 'nobody') deps.onNobodyReached(incident);
      if (due.reached === 'somebody') deps.onSomebodyReached(incident);
    } catch (error) {
      failures += 1;
      logger.error({ err: error, incidentId }, 'a due deadline could not be committed');
    }
  }

  async function turn(): Promise<void> {
    look();
    await Promise.all(onTheirWay.values());
  }

  function calcMostOverdue(): number {
    const monoMs = clock.monoMs();
    return [...countdowns.values()].reduce((most, { dueMonoMs }) => Math.max(most, monoMs - dueMonoMs), 0);
  }

  return {
    start: () => {
      if (tickTimer !== null) return;
      tickTimer = setInterval(look, TICK_MS);
      // What fell due while no gateway ran waits no tick longer.
      look();
    },
    stop: async () => {
      if (tickTimer !== null) clearInterval(tickTimer);
      tickTimer = null;
      await Promise.all(onTheirWay.values());
    },
    put: putGuarded,
    drop,
    turn,
    health: () => ({ lastRunMonoMs, waiting: countdowns.size, failures, mostOverdueMs: calcMostOverdue() }),
  };
}

/** Settles with the commit, or rejects after COMMIT_LIMIT_MS; what was sent may be applied all the same. */
async function withinLimit<T>(commit: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const limitTimer = setTimeout(() => reject(new Error('a commit took too long')), COMMIT_LIMIT_MS);
  try {
    return await Promise.race([commit, promise]);
  } finally {
    clearTimeout(limitTimer);
  }
}
