import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AlarmEvent } from '../../../devices/event.ts';
import { errorCode } from '../../errors.ts';
import { REDIS_KEYS, redisKey } from '../../store/keys.ts';
import type { CommitRequest } from '../commit-script.ts';
import type { LogTail } from '../log/log-tail.ts';
import { runCommitScript } from '../run-script.ts';
import { StoreSilentError, faultWord, fromStore } from '../store-silence.ts';
import { createIncidentStore, type IncidentStore } from '../store.ts';
import { createDecideHere } from './decide-here.ts';
import { createGiveBack } from './give-back.ts';
import { createDirectNotices, type DirectOutcome } from './direct-notices.ts';
import { Keyspace } from './keyspace.ts';
import { lineFile } from './line-file.ts';
import { createLocalStore } from './local-store.ts';
import { createLongMemory } from './long-memory.ts';
import { createMemoryFile } from './memory-file.ts';
import { createMirror } from './mirror.ts';
import { createMode, LOOK_EVERY_MS, type Mode } from './mode.ts';
import type { DegradedOptions, DegradedParts } from './options.ts';
import { createPlanJournal } from './plan-journal.ts';
import { carriedBy, incidentIdsOf } from './plan-replay.ts';
import { createRefill } from './refill.ts';
import { createRejoin, type Rejoin } from './rejoin.ts';
import { createRestoreCase } from './restore-case.ts';
import { createStoreOfTheMoment } from './store-of-the-moment.ts';
import { Undecided } from './undecided.ts';
import { INCIDENT_KEYS } from '../keys.ts';

const PRUNE_EVERY_MS = 60 * 60 * 1000;

/**
 * Puts together what works while Redis is away (design §4). Two steps, because the parts are made from the stores:
 * `createDegradedStores`, then `connect`.
 */
export function createDegraded<Outcome extends DirectOutcome>(options: DegradedOptions<Outcome>) {
  const { dataDir, redis, gatewayId, clock, logger } = options;
  const folder = join(dataDir, 'degraded');
  const memoryFile = createMemoryFile({ file: lineFile(join(folder, 'open-incidents.jsonl')), clock, logger });
  const journal = createPlanJournal(lineFile(join(folder, 'plans.jsonl')));
  const setAside = lineFile(join(folder, 'set-aside.jsonl'));
  const space = new Keyspace();
  const mirror = createMirror({ space, redis, clock, logger, note: memoryFile.note });
  const undecided = new Undecided();
  const run = (request: CommitRequest): Promise<string[]> => fromStore(runCommitScript(redis, request));
  let mode: Mode | null = null;
  let tail: LogTail | null = null;
  /** What this gateway had in memory when it went back, until the mirror has read it from Redis. */
  let lastLocal: Keyspace | null = null;
  let journalled: Awaited<ReturnType<typeof journal.load>> = { plans: [], attempts: [], damaged: 0 };
  let lookTimer: NodeJS.Timeout | null = null;
  let pruneDueMonoMs = 0;
  let isClosing = false;
  let remembering: Promise<void> | null = null;

  const enter = (reason: string): void => mode?.enter(reason);
  const there = noticing(createIncidentStore(redis, REDIS_KEYS.alarms));
  const notices = createDirectNotices({
    direct: options.direct,
    journal,
    find: (id) => tail?.board.find(id) ?? local.record(id),
    logger,
  });
  const local = createLocalStore({
    journal,
    alarmStream: REDIS_KEYS.alarms,
    newPlanId: () => `${gatewayId}:${randomUUID()}`,
    onDone: (items, notifications) => {
      if (isDegraded()) tail?.takeLocal(items);
      notices.send(notifications);
    },
    clock,
    logger,
  });
  const store = createStoreOfTheMoment(there, local.store, { isDegraded, enter });
  const nowMs = (): number => clock.nowMs();
  const restore = createRestoreCase({ redis, store: there, run, gatewayId, nowMs });
  const refill = createRefill({ space, redis, restore, nowMs, logger });
  const longMemory = createLongMemory({
    memory: options.otherMemory,
    ...{ redis, restore, directory: options.directory, clock, logger },
    isHeld: () => isDegraded() || isClosing,
    keys: () => space.lasting(),
    drop: (keys) => {
      mirror.drop(keys);
      memoryFile.rewrite();
      for (const copy of [local.space(), lastLocal]) for (const key of keys) copy?.apply({ op: 'drop', key });
    },
  });

  const giveBack = createGiveBack({
    ...{ refill, longMemory, remember, clock },
    knowsNone: () => space.text(REDIS_KEYS.lineage, nowMs()) === null,
  });

  function isDegraded(): boolean {
    return mode?.isDegraded() ?? false;
  }

  /** Sees what Redis accepts from this gateway, and when it falls silent. */
  function noticing(inner: IncidentStore): IncidentStore {
    return {
      ...inner,
      commit: async (plan) => {
        try {
          const result = await inner.commit(plan);
          if (result.kind === 'done') mirror.takeCommit(plan);
          return result;
        } catch (error) {
          if (error instanceof StoreSilentError) enter(error.reason);
          throw error;
        }
      },
    };
  }

  function begin(): void {
    const base = lastLocal ?? space.copy(clock.nowMs());
    lastLocal = null;
    local.open(base, journalled.plans);
    journalled = { plans: [], attempts: [], damaged: 0 };
    // The board may be ahead by a line.
    for (const incident of tail?.board.open() ?? []) {
      if ((local.record(incident.id)?.version ?? 0) < incident.version) local.adopt(incident);
    }
  }

  async function goBack(parts: { readonly tail: LogTail; readonly rejoin: Rejoin }, end: () => void): Promise<void> {
    const mayLack = await giveBack.runWhereLacking();
    const touched = new Set<string>();
    for (const plan of local.plans()) for (const id of incidentIdsOf(plan)) touched.add(id);
    let rejoined: Promise<void> = Promise.resolve();
    await parts.rejoin.run((own) => {
      lastLocal = local.space();
      local.close();
      end();
      if (mayLack) giveBack.awaitOpen();
      rejoined = parts.tail.rejoin(own);
      journal.clear().catch((error: unknown) => {
        logger.error({ code: errorCode(error) }, 'the journal of plans made without redis could not be removed');
      });
    });
    await rejoined;
    await readAgain([...touched, ...parts.tail.board.open().map(({ id }) => id)]);
    await notices.noteAll();
  }

  /** The mirror is read from Redis, which has everything now. */
  async function readAgain(ids: readonly string[]): Promise<void> {
    await mirror.load([...new Set(ids)]);
    lastLocal = null;
  }

  /** What was known when this gateway last ran; once. Never rejects. */
  function remember(): Promise<void> {
    remembering ??= memoryFile.load().then((loaded) => {
      for (const change of loaded.changes(clock.nowMs())) space.apply(change);
    });
    return remembering;
  }

  async function load(): Promise<void> {
    await remember();
    try {
      journalled = await journal.load();
      if (journalled.damaged > 0) logger.error({ damaged: journalled.damaged }, 'plans made without redis are damaged');
    } catch (error) {
      logger.error({ code: errorCode(error) }, 'plans made without redis could not be read');
    }
    const drafts = journalled.plans.flatMap((plan) => carriedBy(plan).notifications);
    notices.remember(drafts, journalled.attempts);
  }

  /** At a start with Redis: whatever it lacks is given to it, and what was missed is read. */
  async function catchUp(ids: readonly string[]): Promise<void> {
    const lacking = giveBack.runWhereLacking();
    giveBack.awaitLacking(lacking);
    try {
      await lacking;
      await mirror.load(ids);
    } catch (error) {
      logger.warn({ code: faultWord(error) }, 'open incidents could not be read whole');
    }
  }

  function tick(): void {
    mode?.look();
    longMemory.look();
    if (clock.monoMs() < pruneDueMonoMs) return;
    pruneDueMonoMs = clock.monoMs() + PRUNE_EVERY_MS;
    mirror.prune();
  }

  const onClose = (): void => {
    if (!isClosing) enter('closed');
  };

  return {
    /** On Redis alone. */
    there,
    /** In this gateway's memory alone. */
    here: local.store,
    /** Wherever counts now. */
    store,
    isDegraded,
    /** Nothing may be decided in Redis now: it is away, or is given back what it has lost, for some seconds. */
    isHeld: () => isDegraded() || giveBack.isAwaited(),
    connect: (parts: DegradedParts): void => {
      tail = parts.tail;
      const rejoin = createRejoin({
        local,
        store: there,
        run,
        decide: parts.decideThere,
        wasSent: notices.wasSent,
        onWent: notices.went,
        onSetAside: async (record, lines) => {
          await setAside.append([{ record, lines }]);
          await setAside.close();
        },
        gatewayId,
        nowMs: () => clock.nowMs(),
        logger,
      });
      mode = createMode({
        begin,
        goBack: (end) => goBack({ tail: parts.tail, rejoin }, end),
        probe: () => fromStore(redis.set(redisKey('probe', gatewayId), '1', 'PX', 60_000)),
        ping: () => fromStore(redis.ping()),
        isReachable: () => redis.status === 'ready' && options.isAlarmLaneUp(),
        decideHere: createDecideHere({ decide: parts.decideHere, giveUp: parts.giveUpHere, logger }),
        undecided,
        unsettled: options.unsettled,
        clock,
        logger,
      });
      parts.tail.subscribe(({ id, entry, incident }) => {
        if (id === null) return;
        const alarmId = entry.data['alarmId'];
        const own = typeof alarmId === 'string' ? undecided.decided(alarmId as AlarmEvent['id']) : null;
        mirror.takeItem({ id, entry, incident }, own);
      });
    },
    /** Reads what is on disk. Works without Redis from the first moment where it is away, or has not all that was done here. */
    start: async (): Promise<void> => {
      if (lookTimer !== null) return;
      isClosing = false;
      await load();
      memoryFile.start(space);
      redis.on('close', onClose);
      if (redis.status !== 'ready' || journalled.plans.length > 0) {
        enter('start');
        tail?.beginLocal(await local.store.loadOpen());
      }
      pruneDueMonoMs = clock.monoMs() + PRUNE_EVERY_MS;
      lookTimer = setInterval(tick, LOOK_EVERY_MS);
    },
    /** After the board was loaded. */
    catchUp: (): void => {
      longMemory.ask();
      if (isDegraded() || tail === null) return;
      const known = space.ranked(INCIDENT_KEYS.openSet).map(([id]) => id);
      void catchUp([...new Set([...known, ...tail.board.open().map(({ id }) => id)])]);
    },
    stop: async (): Promise<void> => {
      isClosing = true;
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      redis.off('close', onClose);
      mode?.end();
      await mode?.settled();
      await longMemory.stop();
      await memoryFile.stop();
      await journal.close();
    },
    takeAlarm: (event: AlarmEvent): void => mode?.takeAlarm(event),
    undelivered: (): void => enter('undelivered'),
    /** Redis lost data: what this gateway and Postgres know is given to it. Rejects while it is silent. */
    refill: async (): Promise<void> => {
      await giveBack.run();
      await longMemory.told();
    },
    /** Somebody was erased. */
    forgetErased: longMemory.forgetErased,
    name: () => mode?.name() ?? 'normal',
  };
}
