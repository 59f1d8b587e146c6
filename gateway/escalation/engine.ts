import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { CommitPlan } from '../incidents/commit.ts';
import type { OpenIncident } from '../incidents/record.ts';
import { calcCountdown, type Countdown } from './countdown.ts';

/** Between two looks at the countdowns; a deadline is late by at most this much and one commit. Chosen. */
export const TICK_MS = 250;

/** How many due incidents one turn commits side by side. */
const SIDE_BY_SIDE = 32;

/** After a commit that failed, the incident is tried again no sooner than this. */
const RETRY_MS = 1000;

/** A commit that has not answered for so long is left alone: no incident waits for another one's answer. Chosen. */
const COMMIT_LIMIT_MS = 5000;

export type EngineHealth = {
  readonly lastRunMonoMs: number | null;
  readonly waiting: number;
  readonly failures: number;
};

export type Engine = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** An incident was read from the log (or loaded at start). */
  readonly put: (incident: OpenIncident, isAtStart: boolean) => void;
  readonly drop: (incidentId: string) => void;
  /** One turn; resolves when every due incident was committed, refused or left alone. */
  readonly turn: () => Promise<void>;
  readonly health: () => EngineHealth;
};

/**
 * Counts the deadline of every open incident and fires the due ones; the commit's version check lets one gateway win. `put`
 * and `drop` make it prompt; what they missed is found at each turn on the board (`open`), so that no open incident is
 * without a countdown for longer than a tick (promise P3).
 */
export function createEngine(deps: {
  readonly find: (incidentId: string) => OpenIncident | undefined;
  /** Every open incident, as the board has it. */
  readonly open?: () => readonly OpenIncident[];
  readonly plan: (incident: OpenIncident, nowMs: number) => CommitPlan | null;
  readonly commit: (plan: CommitPlan) => Promise<unknown>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Engine {
  const { clock, logger } = deps;
  const countdowns = new Map<string, Countdown>();
  const heldUntil = new Map<string, number>();
  let tickTimer: NodeJS.Timeout | null = null;
  let turning: Promise<void> | null = null;
  let lastRunMonoMs: number | null = null;
  let failures = 0;

  function put(incident: OpenIncident, isAtStart: boolean): void {
    const known = countdowns.get(incident.id);
    const now = { wallMs: clock.nowMs(), monoMs: clock.monoMs() };
    const next = calcCountdown(incident, known, now, isAtStart);
    if (known?.dueAtMs !== next.dueAtMs) heldUntil.delete(incident.id);
    countdowns.set(incident.id, next);
  }

  function drop(incidentId: string): void {
    countdowns.delete(incidentId);
    heldUntil.delete(incidentId);
  }

  /** Makes the countdowns those of the board. */
  function followBoard(): void {
    if (deps.open === undefined) return;
    const open = deps.open();
    for (const incident of open) {
      if (countdowns.get(incident.id)?.version !== incident.version) guard(incident.id, () => put(incident, true));
    }
    if (countdowns.size === open.length) return;
    const onBoard = new Set<string>(open.map(({ id }) => id));
    for (const id of countdowns.keys()) if (!onBoard.has(id)) drop(id);
  }

  /** One incident that cannot be handled does not keep the others from ringing. */
  function guard(incidentId: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      failures += 1;
      logger.error({ err: error, incidentId }, 'an open incident has no deadline');
    }
  }

  async function fire(incidentId: string): Promise<void> {
    const incident = deps.find(incidentId);
    if (incident === undefined) return drop(incidentId);
    heldUntil.set(incidentId, clock.monoMs() + RETRY_MS);
    try {
      const plan = deps.plan(incident, clock.nowMs());
      if (plan !== null) await withinLimit(deps.commit(plan));
    } catch (error) {
      failures += 1;
      logger.error({ err: error, incidentId }, 'a due deadline could not be committed');
    }
  }

  async function runTurn(): Promise<void> {
    followBoard();
    const nowMono = clock.monoMs();
    const due = [...countdowns].filter(
      ([id, { dueMonoMs }]) => dueMonoMs <= nowMono && (heldUntil.get(id) ?? Number.NEGATIVE_INFINITY) <= nowMono,
    );
    for (let at = 0; at < due.length; at += SIDE_BY_SIDE) {
      await Promise.all(due.slice(at, at + SIDE_BY_SIDE).map(([id]) => fire(id)));
    }
    lastRunMonoMs = clock.monoMs();
  }

  function turn(): Promise<void> {
    turning ??= runTurn().finally(() => {
      turning = null;
    });
    return turning;
  }

  function tick(): void {
    turn().catch((error: unknown) => {
      failures += 1;
      logger.error({ err: error }, 'a turn of the escalation engine failed');
    });
  }

  return {
    start: () => {
      if (tickTimer !== null) return;
      tickTimer = setInterval(tick, TICK_MS);
      // What fell due while no gateway ran waits no tick longer.
      tick();
    },
    stop: async () => {
      if (tickTimer !== null) clearInterval(tickTimer);
      tickTimer = null;
      await turning;
    },
    put,
    drop,
    turn,
    health: () => ({ lastRunMonoMs, waiting: countdowns.size, failures }),
  };
}

/** Settles with the commit, or rejects after COMMIT_LIMIT_MS; what was sent may be applied all the same. */
async function withinLimit(commit: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const limitTimer = setTimeout(() => reject(new Error('a commit took too long')), COMMIT_LIMIT_MS);
  try {
    await Promise.race([commit, promise]);
  } finally {
    clearTimeout(limitTimer);
  }
}
