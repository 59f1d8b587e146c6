import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Later } from '../../../devices/links/ports.ts';
import type { Reading } from '../../../devices/reading.ts';
import type { Check } from '../../api/contract/feed.ts';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import { RepeatGuard } from '../../repeat-guard.ts';
import type { Observation } from '../observation.ts';
import type { SystemAlarms } from '../system-alarms.ts';
import { judgeVitals, type VitalsHealth } from './health.ts';
import { judgeMessage } from './judge.ts';
import { hasRoom, LossAlarm } from './loss-alarm.ts';
import type { VitalsState } from './messages.ts';
import { encodeRows } from './record.ts';
import { RecentReadings } from './recent.ts';
import { VITALS_DEFAULTS, type VitalsSettings } from './settings.ts';
import { addWorths, countWorths, NONE, sumWorths, type WorthCounts } from './thin.ts';
import { VitalsHost, type Outcome } from './worker-host.ts';

export type VitalsDeps = {
  readonly dataDir: string;
  readonly gatewayId: string;
  readonly databaseUrl: string;
  /** Who alone wore the device then; null where nobody or more than one person did. */
  readonly wearerAt: (deviceId: string, atMs: number) => string | null;
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  readonly later: Later;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings?: Partial<VitalsSettings>;
  /** For tests: modules that export `createWriterTable` and `createDisk(options)`, and other code for the thread. */
  readonly table?: URL;
  readonly disk?: { readonly module: URL; readonly options?: unknown };
  readonly workerModule?: URL;
};

export type Vitals = {
  readonly door: {
    /**
     * Calls back once, when the readings may be acknowledged: they are on disk, or are counted as shed. Never fails: a device
     * that sends again what cannot be kept helps nobody and holds up its own alarms.
     */
    readonly accept: (deviceId: string, readings: readonly Reading[], receivedAt: number, whenDone: () => void) => void;
    /** The link had no room for a message; it is acknowledged and dropped unread. */
    readonly refuse: () => void;
  };
  /**
   * Called with what one device said at once, in the order of arrival, soon after the spool has it, and also where it could not
   * keep it: rules must see it all the same. A listener that throws is logged.
   */
  readonly onAccepted: (listener: (observations: readonly Observation[]) => void) => void;
  readonly health: () => VitalsHealth;
  readonly check: () => Check;
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const LOOK_EVERY_MS = 1000;
/** A database that is away is told of sooner; this is one that takes none of them. Chosen. */
const NOT_STORED_MS = 10 * 60_000;
const STORED_AGAIN_MS = 60_000;

/** The vitals lane: judged at the door, on disk before they are acknowledged, in the database when it is there. */
export function createVitals(deps: VitalsDeps): Vitals {
  const { clock, logger } = deps;
  const settings = { ...VITALS_DEFAULTS, ...deps.settings };
  const recent = new RecentReadings();
  const listeners: ((observations: readonly Observation[]) => void)[] = [];
  const listenerFaults = new RepeatGuard(clock);
  const counts = { accepted: 0, repeats: 0, unread: 0 };
  let shedHere: WorthCounts = NONE;
  /** Of threads that ended. */
  let earlier = { stored: 0, refused: 0, shed: NONE };
  let latest = earlier;
  const shedAlarm = new LossAlarm('vitals-shed', deps.alarms, clock);
  const asideAlarm = new LossAlarm('vitals-put-aside', deps.alarms, clock);
  let lookTimer: NodeJS.Timeout | null = null;

  const host = new VitalsHost({
    setup: {
      folder: join(deps.dataDir, 'spool'),
      gatewayId: deps.gatewayId,
      databaseUrl: deps.databaseUrl,
      spoolBytes: settings.spoolBytes,
      readingsDays: settings.readingsDays,
      table: deps.table?.href ?? null,
      disk: deps.disk === undefined ? null : { module: deps.disk.module.href, options: deps.disk.options ?? null },
    },
    settings,
    clock,
    logger,
    workerModule: deps.workerModule ?? new URL('./worker.ts', import.meta.url),
    onState: takeState,
  });

  /** A thread counts from its own beginning. */
  function takeState({ writer, shed }: VitalsState): void {
    const { stored, refused } = writer;
    if (stored < latest.stored || refused < latest.refused || sumWorths(shed) < sumWorths(latest.shed)) {
      earlier = {
        stored: earlier.stored + latest.stored,
        refused: earlier.refused + latest.refused,
        shed: addWorths(earlier.shed, latest.shed),
      };
    }
    latest = { stored, refused, shed };
    look();
  }

  const accept: Vitals['door']['accept'] = (deviceId, readings, receivedAt, whenDone) => {
    const { observations, repeats } = judgeMessage({ deviceId, readings, receivedAt }, deps.wearerAt, recent);
    counts.repeats += repeats;
    // What is said again is on its way to the disk, perhaps.
    if (observations.length === 0) return host.afterAll(whenDone);
    counts.accepted += observations.length;
    const settle = (how: Outcome): void => {
      if (how === 'given-up') shedHere = addWorths(shedHere, countWorths(observations));
      whenDone();
      deps.later(() => tell(observations));
    };
    const payloads = splitByWearer(observations).map(encodeRows);
    const isWhole = payloads.every((payload) => payload !== undefined);
    if (!isWhole || !host.append(payloads, settle)) settle('given-up');
  };

  function tell(observations: readonly Observation[]): void {
    for (const listener of listeners) {
      try {
        listener(observations);
      } catch (error) {
        const code = errorCode(error);
        if (listenerFaults.isNews(code)) logger.error({ err: error }, 'listener of the vitals failed');
      }
    }
  }

  function shed(): WorthCounts {
    return addWorths(shedHere, addWorths(earlier.shed, latest.shed));
  }

  function look(): void {
    const { thread } = host.state();
    const mayEnd = thread !== null && hasRoom(thread);
    shedAlarm.look(sumWorths(shed()) + counts.unread, { ...shed(), unread: counts.unread }, mayEnd);
    asideAlarm.look(earlier.refused + latest.refused, { rows: earlier.refused + latest.refused });
    const { lateMs = 0, fault = null } = thread?.writer ?? {};
    if (lateMs > NOT_STORED_MS) deps.alarms.raise('vitals-not-stored', { fault });
    else if (lateMs < STORED_AGAIN_MS) deps.alarms.restore('vitals-not-stored');
  }

  function health(): VitalsHealth {
    return {
      ...host.state(),
      ...counts,
      stored: earlier.stored + latest.stored,
      refused: earlier.refused + latest.refused,
      refusedAgoMs: asideAlarm.agoMs(),
      shed: shed(),
      shedAgoMs: shedAlarm.agoMs(),
    };
  }

  return {
    door: {
      accept,
      refuse: () => {
        counts.unread += 1;
      },
    },
    onAccepted: (listener) => void listeners.push(listener),
    health,
    check: () => judgeVitals(health()),
    start: async () => {
      lookTimer ??= setInterval(look, LOOK_EVERY_MS);
      await host.start();
    },
    stop: async () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      await host.stop();
    },
  };
}

/** Mostly one: a device is rarely handed on between the readings of one message. */
function splitByWearer(observations: readonly Observation[]): (readonly Observation[])[] {
  const [first] = observations;
  if (observations.every(({ residentId }) => residentId === first?.residentId)) return [observations];
  const parts = new Map<string | null, Observation[]>();
  for (const observation of observations) {
    const part = parts.get(observation.residentId);
    if (part === undefined) parts.set(observation.residentId, [observation]);
    else part.push(observation);
  }
  return [...parts.values()];
}
