import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { IncidentFlag } from '../api/contract/incident.ts';
import type { Directory } from '../registry/directory.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import type { TurnsHealth } from '../telemetry/turns.ts';
import { createAlarmGroup } from './dispatch/alarm-group.ts';
import { createCommands, type Commands } from './commands.ts';
import { createAlarmDecider, type AlarmDecider } from './decide.ts';
import { createDegraded } from './degraded/degraded.ts';
import type { DirectOutcome } from './degraded/direct-notices.ts';
import type { DegradedOptions } from './degraded/options.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createLogReader, type LogReader } from './log/log-reader.ts';
import { createLogTail, type LogTail } from './log/log-tail.ts';
import type { ChoosePolicy } from './policy.ts';
import type { IncidentRecord } from './record.ts';
import type { IncidentStore } from './store.ts';
import { createGiveUp } from './dispatch/unprocessed.ts';

/** A loop that has not come round for this long is stuck; its blocking read lasts one second. Chosen. */
const STUCK_AFTER_MS = 5000;

export type IncidentsOptions<Outcome extends DirectOutcome> = Omit<DegradedOptions<Outcome>, 'redis'> & {
  readonly redis: { readonly command: Redis; readonly dispatch: Redis; readonly feed: Redis };
  readonly directory: () => Directory;
  readonly choosePolicy: ChoosePolicy;
  /** Cases that Redis let go, or has lost and not got back yet. @throws StoreError */
  readonly loadArchived: (incidentId: string) => Promise<IncidentRecord | null>;
};

export type Incidents = {
  readonly store: IncidentStore;
  readonly reader: LogReader;
  readonly tail: LogTail;
  readonly decide: AlarmDecider;
  readonly commands: Commands;
  /** What goes on while Redis is away, and what others tell it. */
  readonly degraded: Pick<
    ReturnType<typeof createDegraded>,
    'takeAlarm' | 'undelivered' | 'refill' | 'forgetErased' | 'isDegraded'
  >;
  /** Loads the board, follows the log, dispatches. Resolves when the board is loaded. */
  readonly start: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly health: () => { readonly status: 'ok' | 'degraded'; readonly detail: string };
  /** What its loops publish, for whoever watches that they turn. */
  readonly loops: Readonly<Record<'dispatch' | 'log', () => TurnsHealth>>;
};

/** Puts together what takes alarms off the stream, carries out commands and keeps the board. */
export function createIncidents<Outcome extends DirectOutcome>(options: IncidentsOptions<Outcome>): Incidents {
  const { redis, directory, choosePolicy, gatewayId, clock, logger } = options;
  const degraded = createDegraded({ ...options, redis: redis.command });
  const { store, isDegraded } = degraded;
  const reader = createLogReader({ blocking: redis.feed, redis: redis.command, store: degraded.there });
  const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  const tail = createLogTail({ reader, store: degraded.there, clock, logger, pause, isHeld: isDegraded });
  const deciding = { directory, choosePolicy, clock };
  const moreFlags = (): readonly IncidentFlag[] => (isDegraded() ? ['degraded'] : []);
  /** For cases by hand: wherever counts now. */
  const decide = createAlarmDecider({ ...deciding, store, moreFlags });
  const decideThere = createAlarmDecider({ ...deciding, store: degraded.there });
  degraded.connect({
    tail,
    decideThere,
    decideHere: createAlarmDecider({ ...deciding, store: degraded.here, moreFlags }),
    giveUpHere: createGiveUp({ ...deciding, store: degraded.here }),
  });
  const dispatcher = createDispatcher({
    group: createAlarmGroup({
      reader: redis.dispatch,
      redis: redis.command,
      alarmStream: REDIS_KEYS.alarms,
      consumer: gatewayId,
    }),
    decide: decideThere,
    giveUp: createGiveUp({ ...deciding, store: degraded.there }),
    clock,
    logger,
    pause,
    isHeld: degraded.isHeld,
  });

  return {
    store,
    reader,
    tail,
    decide,
    commands: createCommands({
      ...{ store, directory, choosePolicy, clock },
      isAlone: isDegraded,
      loadArchived: options.loadArchived,
    }),
    degraded,
    start: async () => {
      await degraded.start();
      await tail.start();
      degraded.catchUp();
      dispatcher.start();
    },
    stop: async () => {
      await degraded.stop();
      await dispatcher.stop();
      await tail.stop();
    },
    loops: { dispatch: dispatcher.health, log: tail.health },
    health: () => {
      if (degraded.name() === 'returning')
        return { status: 'degraded', detail: 'redis is told what was done without it' };
      if (isDegraded()) return { status: 'degraded', detail: 'redis is away, this gateway works by itself' };
      const now = clock.monoMs();
      for (const [name, loop] of [
        ['dispatch', dispatcher.health()],
        ['log', tail.health()],
      ] as const) {
        if (loop.lastFault !== null) return { status: 'degraded', detail: `${name}: ${loop.lastFault}` };
        // Before its first turn it has just been started.
        const ageMs = loop.lastRunMonoMs === null ? 0 : now - loop.lastRunMonoMs;
        if (ageMs > STUCK_AFTER_MS)
          return { status: 'degraded', detail: `${name}: no turn for ${Math.round(ageMs / 1000)} s` };
      }
      return { status: 'ok', detail: 'dispatching' };
    },
  };
}
