import type { Logger } from 'pino';
import type { Check } from './api/contract/feed.ts';
import { createStatusBoard, type StatusBoard } from './api/live/status-board.ts';
import type { Clock } from './clock.ts';
import { findUndelivered } from './escalation/audit.ts';
import { createAuditor, type Auditor } from './escalation/auditor.ts';
import { checkEngine } from './escalation/check-engine.ts';
import { createCloseHole } from './escalation/close-hole.ts';
import type { Engine } from './escalation/engine.ts';
import { createAuditReads } from './incidents/audit-reads.ts';
import type { CommitPlan } from './incidents/commit.ts';
import type { GatewayState } from './history/minutes.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { OpenIncident } from './incidents/record.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { Registry } from './registry/registry.ts';
import { REDIS_KEYS } from './store/keys.ts';
import type { Redis } from 'ioredis';
import { createDeadman } from './telemetry/deadman.ts';
import { createDiskSpace } from './telemetry/disk-space.ts';
import type { CountingReceiver } from './telemetry/receiver-metrics.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { createLoops, type Loops } from './telemetry/loops.ts';
import { createPartWatch } from './telemetry/part-watch.ts';
import type { SystemAlarms } from './telemetry/system-alarms.ts';
import type { TurnsHealth } from './telemetry/turns.ts';
import type { Silence } from './telemetry/silence/silence.ts';
import type { ObservationsLoop } from './telemetry/observations/observations.ts';
import type { Vitals } from './telemetry/vitals/vitals.ts';

/** The engine turns four times a second; silent for this long it is stuck. */
const ENGINE_STUCK_MS = 3000;
/** A loop's blocking read lasts one second, its longest answer two. Chosen. */
const LOOP_STUCK_MS = 5000;
/** An opening older than this was kept somewhere meanwhile: an outage, a replay. Chosen. */
const DISPATCH_COUNTS_MS = 10 * 60_000;
/** The auditor looks every 5 s; a look at very many incidents takes its time. Chosen. */
const AUDITOR_STUCK_MS = 20_000;
/** It ticks every second; a turn that writes a long history takes its time, and Postgres may be slow. Chosen. */
const PROJECTOR_STUCK_MS = 60_000;
/** It comes round every minute; a day of many devices takes its time to close. Chosen. */
const OBSERVATIONS_STUCK_MS = 10 * 60_000;
/** A process whose work has stood still for so long does not recover: its keeper starts it anew. Chosen. */
const END_AFTER_MS = 30_000;

export type WatchDeps = {
  readonly dataDir: string;
  readonly ingest: Ingest;
  readonly incidents: Incidents;
  readonly engine: Engine;
  readonly planDue: (incident: OpenIncident, nowMs: number) => CommitPlan | null;
  readonly registry: Pick<Registry, 'check'>;
  readonly history: { readonly check: () => Check; readonly lastRunMonoMs: () => number | null };
  readonly notifier: { readonly health: () => Pick<TurnsHealth, 'lastRunMonoMs'> };
  readonly droppedMessages: () => number;
  readonly link: { readonly health: () => Check };
  readonly receivers: readonly (CountingReceiver & { readonly health: () => Check })[];
  readonly vitals: Pick<Vitals, 'check' | 'health'>;
  readonly observations: Pick<ObservationsLoop, 'check' | 'lastRunMonoMs'>;
  readonly silence: Pick<Silence, 'check'>;
  readonly redis: Redis;
  readonly alarms: SystemAlarms;
  readonly deadmanUrl: string | null;
  /** How the run before this one died; null where it did not. */
  readonly restartedBecause: string | null;
  /** Ends the process at once. */
  readonly end: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type Watch = {
  readonly status: StatusBoard;
  readonly metrics: Metrics;
  /** For the record of each minute. */
  readonly state: () => GatewayState;
  readonly loops: Loops;
  readonly auditor: Auditor;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/** What looks after the gateway itself: health of its parts, its loops, the auditor of promise P3, the disk. */
export function createWatch(deps: WatchDeps): Watch {
  const { ingest, incidents, engine, registry, alarms, clock, logger } = deps;
  const { store, tail } = incidents;

  const auditor = createAuditor({
    open: () => tail.board.open(),
    reads: createAuditReads(deps.redis, REDIS_KEYS.alarms),
    loadIncidents: (ids) => store.loadIncidents(ids),
    oldestUndelivered: () => findUndelivered(ingest.health().redis),
    adopt: (record) => tail.board.adopt(record),
    put: (incident) => engine.put(incident, true),
    close: createCloseHole({
      plan: deps.planDue,
      commit: (plan) => store.commit(plan),
      loadIndex: (subject) => store.loadIndex(subject),
      nowMs: clock.nowMs,
    }),
    raise: alarms.raise,
    restore: alarms.restore,
    clock,
    logger,
  });

  const loops = createLoops({ alarms, end: deps.end, clock, logger });
  const end = { stuckAfterMs: LOOP_STUCK_MS, endAfterMs: END_AFTER_MS };
  loops.register({ name: 'dispatch', lastRunMonoMs: () => incidents.loops.dispatch().lastRunMonoMs, ...end });
  loops.register({ name: 'log', lastRunMonoMs: () => incidents.loops.log().lastRunMonoMs, ...end });
  loops.register({ name: 'notifier', lastRunMonoMs: () => deps.notifier.health().lastRunMonoMs, ...end });
  loops.register({
    name: 'projector',
    lastRunMonoMs: deps.history.lastRunMonoMs,
    stuckAfterMs: PROJECTOR_STUCK_MS,
    endAfterMs: null,
  });
  loops.register({
    name: 'engine',
    lastRunMonoMs: () => engine.health().lastRunMonoMs,
    stuckAfterMs: ENGINE_STUCK_MS,
    endAfterMs: END_AFTER_MS,
  });
  loops.register({
    name: 'auditor',
    lastRunMonoMs: () => auditor.health().lastRunMonoMs,
    stuckAfterMs: AUDITOR_STUCK_MS,
    endAfterMs: null,
  });
  loops.register({
    name: 'redis-watch',
    lastRunMonoMs: () => ingest.health().redis.lastRunMonoMs,
    stuckAfterMs: LOOP_STUCK_MS,
    endAfterMs: END_AFTER_MS,
  });

  loops.register({
    name: 'observations',
    lastRunMonoMs: deps.observations.lastRunMonoMs,
    stuckAfterMs: OBSERVATIONS_STUCK_MS,
    endAfterMs: null,
  });

  const disk = createDiskSpace({ folder: deps.dataDir, alarms, clock, logger });

  const engineCheck = (): Check =>
    checkEngine({
      engine: engine.health(),
      auditor: auditor.health(),
      isEngineStuck: loops.isStuck('engine'),
      isAuditorStuck: loops.isStuck('auditor'),
    });

  const status = createStatusBoard(
    {
      journal: () => checkOf(ingest.health().journal),
      redis: () => worse(checkOf(ingest.health().redis), incidents.health()),
      postgres: () => {
        const { isCurrent, source, fault } = registry.check();
        return isCurrent
          ? { status: 'ok', detail: 'the register is current' }
          : { status: 'degraded', detail: `register from ${source}; ${fault ?? 'not reached yet'}` };
      },
      mqtt: () => checkOf(deps.link.health()),
      ...Object.fromEntries(deps.receivers.map(({ name, health }) => [name, () => checkOf(health())])),
      engine: engineCheck,
      projector: deps.history.check,
      loops: loops.check,
      disk: disk.check,
      vitals: deps.vitals.check,
      observations: deps.observations.check,
      silence: deps.silence.check,
    },
    logger,
  );

  const parts = createPartWatch({
    ...{ checks: status.checks, alarms },
    receivers: deps.receivers.map(({ name }) => name),
  });
  const metrics = createMetrics({
    openIncidents: () => tail.board.open(),
    checks: status.checks,
    journal: () => ingest.health().journal,
    undelivered: () => ingest.health().redis.waiting,
    engine: engine.health,
    auditor: auditor.health,
    loops: loops.states,
    feedReaders: status.listeners,
    droppedMessages: deps.droppedMessages,
    standing: () => alarms.standing().length,
    freeDiskShare: disk.freeShare,
    vitals: deps.vitals.health,
    receivers: deps.receivers,
  });
  ingest.door.observe(metrics.door);
  tail.subscribe(({ entry, incident }) => {
    // What was dispatched elsewhere, or long ago, says nothing about this gateway now.
    const latencyMs = clock.nowMs() - (incident?.openedAt ?? 0);
    if (entry.type === 'opened' && latencyMs < DISPATCH_COUNTS_MS) metrics.dispatched(latencyMs);
    if (entry.type === 'notified') metrics.notified(String(entry.data['channel']), String(entry.data['result']));
  });

  const isAlive = (): boolean =>
    ingest.health().canKeep &&
    engineCheck().status !== 'failed' &&
    auditor.health().holes === 0 &&
    loops.states().every(({ isStuck }) => !isStuck);
  const deadman = deps.deadmanUrl === null ? null : createDeadman({ url: deps.deadmanUrl, isAlive, logger });

  return {
    status,
    metrics,
    loops,
    auditor,
    state: () => ({
      faults: Object.entries(status.checks()).flatMap(([name, check]) => (check.status === 'ok' ? [] : [name])),
      latenessMs: auditor.health().mostOverdueMs,
    }),
    start: async () => {
      auditor.start();
      loops.start();
      await disk.start();
      // Last, so that neither start nor stop looks like a fault of a part that is not up.
      status.start();
      parts.start();
      deadman?.start();
      // Someone should ask why, also when all is well again.
      if (deps.restartedBecause !== null) alarms.raise('gateway-died', { because: deps.restartedBecause });
    },
    stop: async () => {
      deadman?.stop();
      parts.stop();
      status.stop();
      disk.stop();
      loops.stop();
      await auditor.stop();
    },
  };
}

function checkOf({ status, detail }: Check): Check {
  return { status, ...(detail === undefined ? {} : { detail }) };
}

function worse(a: Check, b: Check): Check {
  const rank = { ok: 0, degraded: 1, failed: 2 };
  return rank[b.status] > rank[a.status] ? b : a;
}
