import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Checks } from '../api/contract/feed.ts';
import type { AuditorHealth } from '../escalation/auditor.ts';
import type { EngineHealth } from '../escalation/engine.ts';
import type { OpenIncident } from '../incidents/record.ts';
import type { DoorObserver } from '../ingest/door.ts';
import type { JournalHealth } from '../ingest/journal/health.ts';
import type { LoopState } from './loops.ts';
import type { VitalsHealth } from './vitals/health.ts';
import { addReceiverGauges, type CountingReceiver } from './receiver-metrics.ts';
import { addVitalsGauges } from './vitals/metrics.ts';

/** What is asked of the parts when somebody reads the metrics. Synchronous: nothing is looked up for it. */
export type MetricsProbes = {
  readonly openIncidents: () => readonly OpenIncident[];
  readonly checks: () => Checks;
  readonly journal: () => JournalHealth;
  /** Alarms that Redis has not answered. */
  readonly undelivered: () => number;
  readonly engine: () => EngineHealth;
  readonly auditor: () => AuditorHealth;
  readonly loops: () => readonly LoopState[];
  readonly feedReaders: () => number;
  /** Messages of devices that were dropped: never an alarm. */
  readonly droppedMessages: () => number;
  /** Incidents about the gateway itself that stand. */
  readonly standing: () => number;
  readonly freeDiskShare: () => number | null;
  readonly vitals: () => VitalsHealth;
  readonly receivers: readonly CountingReceiver[];
};

/** What is counted as it happens. */
export type MetricsSinks = {
  readonly door: DoorObserver;
  /** From receipt at the door until every screen of this gateway has it. */
  readonly dispatched: (latencyMs: number) => void;
  readonly notified: (channel: string, result: string) => void;
};

export type Metrics = MetricsSinks & {
  readonly contentType: string;
  readonly render: () => Promise<string>;
};

const ACK_BUCKETS_S = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const DISPATCH_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60];
const CHECK_STATES = ['ok', 'degraded', 'failed'] as const;
/** A label that came from elsewhere has at most so many values. Chosen. */
const MAX_LABEL_VALUES = 20;

/** The gateway in numbers, in the text format of Prometheus. Labels come from closed sets: no ids, nobody's data. */
export function createMetrics(probes: MetricsProbes): Metrics {
  const registry = new Registry();
  const registers = [registry];
  // Memory, processor time, garbage collection, and how late the event loop is.
  collectDefaultMetrics({ register: registry });

  const received = new Counter({
    name: 'zhuji_alarms_received_total',
    help: 'Alarms that came to the door, by the protocol they came by',
    labelNames: ['protocol'],
    registers,
  });
  const acked = new Counter({
    name: 'zhuji_alarms_acked_total',
    help: 'Alarms that are on disk and were acknowledged, by the side that was first',
    labelNames: ['path'],
    registers,
  });
  const refused = new Counter({
    name: 'zhuji_alarms_refused_total',
    help: 'Alarms that nothing could keep and nobody acknowledged; their devices try again',
    registers,
  });
  const ackSeconds = new Histogram({
    name: 'zhuji_alarm_ack_seconds',
    help: 'From an alarm at the door until it is on disk',
    buckets: ACK_BUCKETS_S,
    registers,
  });
  const dispatchSeconds = new Histogram({
    name: 'zhuji_alarm_dispatch_seconds',
    help: 'From an alarm at the door until its incident is on the board',
    buckets: DISPATCH_BUCKETS_S,
    registers,
  });
  const notifications = new Counter({
    name: 'zhuji_notifications_total',
    help: 'Attempts to reach somebody, by channel and result',
    labelNames: ['channel', 'result'],
    registers,
  });

  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({ name, help, registers, collect: () => made.set(read()) });
  };
  const seconds = (ms: number | null): number => (ms === null ? Number.NaN : ms / 1000);

  const open: Gauge<'priority' | 'state'> = new Gauge({
    name: 'zhuji_open_incidents',
    help: 'Open incidents',
    labelNames: ['priority', 'state'],
    registers,
    collect: () => {
      open.reset();
      for (const { priority, state } of probes.openIncidents()) open.inc({ priority: String(priority), state });
    },
  });
  const check: Gauge<'check'> = new Gauge({
    name: 'zhuji_check',
    help: 'State of a part as /readyz tells it: 0 ok, 1 degraded, 2 failed',
    labelNames: ['check'],
    registers,
    collect: () => {
      for (const [name, { status }] of Object.entries(probes.checks())) {
        check.set({ check: name }, CHECK_STATES.indexOf(status));
      }
    },
  });
  const loop: Gauge<'loop'> = new Gauge({
    name: 'zhuji_loop_still_seconds',
    help: 'Since a loop last came round',
    labelNames: ['loop'],
    registers,
    collect: () => {
      for (const { name, stillMs } of probes.loops()) loop.set({ loop: name }, stillMs / 1000);
    },
  });
  const holes: Gauge<'kind'> = new Gauge({
    name: 'zhuji_audit_holes',
    help: 'Unattended open incidents that the auditor found since the start, by what was wrong',
    labelNames: ['kind'],
    registers,
    collect: () => {
      for (const [kind, count] of Object.entries(probes.auditor().found)) holes.set({ kind }, count);
    },
  });

  gauge('zhuji_deadlines', 'Deadlines that the engine counts', () => probes.engine().waiting);
  gauge(
    'zhuji_deadline_failures',
    'Due deadlines that could not be committed, since the start',
    () => probes.engine().failures,
  );
  gauge(
    'zhuji_overdue_seconds',
    'Engine lateness: the deadline that has been due for longest',
    () => probes.engine().mostOverdueMs / 1000,
  );
  gauge(
    'zhuji_audit_overdue_seconds',
    "The same by the auditor's own count at its last look",
    () => probes.auditor().mostOverdueMs / 1000,
  );
  gauge(
    'zhuji_audit_look_seconds',
    'How long the last look of the auditor took',
    () => probes.auditor().lastTookMs / 1000,
  );
  gauge('zhuji_feed_readers', 'Consoles that follow the live feed', probes.feedReaders);
  gauge('zhuji_alarms_undelivered', 'Alarms in memory that Redis has not answered', probes.undelivered);
  gauge('zhuji_journal_queued_bytes', 'Bytes that wait for the disk', () => probes.journal().queuedBytes);
  gauge(
    'zhuji_journal_unsettled',
    'Alarms of the journal that Redis is not known to have',
    () => probes.journal().unsettled ?? Number.NaN,
  );
  gauge('zhuji_journal_fsync_seconds', 'The last write and fsync of the journal', () =>
    seconds(probes.journal().lastFsyncMs),
  );
  gauge(
    'zhuji_disk_free_ratio',
    "Free space of the data folder's disk, 0 to 1",
    () => probes.freeDiskShare() ?? Number.NaN,
  );
  gauge(
    'zhuji_messages_dropped',
    'Messages of devices that were dropped since the start; never an alarm',
    probes.droppedMessages,
  );
  gauge('zhuji_system_incidents', 'Incidents about this gateway that stand', probes.standing);
  addVitalsGauges(registers, probes.vitals);
  addReceiverGauges(registers, probes.receivers);

  const seen = new Set<string>();
  /** Whatever else comes is one value. */
  const bounded = (value: string): string => {
    if (seen.size < MAX_LABEL_VALUES) seen.add(value);
    return seen.has(value) ? value : 'other';
  };

  return {
    door: {
      received: (protocol) => received.inc({ protocol }),
      acked: (path, latencyMs) => {
        acked.inc({ path });
        ackSeconds.observe(latencyMs / 1000);
      },
      refused: () => refused.inc(),
    },
    dispatched: (latencyMs) => dispatchSeconds.observe(Math.max(0, latencyMs) / 1000),
    notified: (channel, result) => notifications.inc({ channel: bounded(channel), result: bounded(result) }),
    contentType: registry.contentType,
    render: () => registry.metrics(),
  };
}
