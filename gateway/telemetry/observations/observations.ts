import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Check } from '../../api/contract/feed.ts';
import type { Clock } from '../../clock.ts';
import { errorCode, ZhujiError } from '../../errors.ts';
import { DatabaseEmptyError } from '../../store/database-empty.ts';
import { createPool, queryRows, takeLeave, waitAtMost } from '../../store/postgres.ts';
import { asStoreError } from '../../store/store-error.ts';
import { createTurns } from '../turns.ts';
import { closeHours } from './close-hours.ts';
import { HOURS, listParts, READINGS } from './days.ts';
import { dropParts, ensureParts } from './parts.ts';
import { prepareObservations, type Prepared } from './prepare.ts';
import { calcKeptFrom, KEPT, loadNow } from './retention.ts';
import { keepReadingsFor } from './timescale-jobs.ts';

const ACTION = 'look after observations';
const TURN_MS = 60_000;
const RETRY_MS = 2_000;
const STOP_MS = 2_000;
/** A day of many devices takes its time; chosen. */
const STATEMENT_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** So many days are made before they begin; chosen: two nights without anybody. */
const AHEAD_DAYS = 2;

export type ObservationsLoop = {
  readonly check: () => Check;
  readonly lastRunMonoMs: () => number | null;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/**
 * Makes the table when the database is there, and looks after it every minute: days ahead, hours closed, what is too old let go.
 * On TimescaleDB that is done by jobs of its own.
 */
export function createObservations(deps: {
  readonly databaseUrl: string;
  readonly gatewayId: string;
  /** How long readings are kept: `KEPT.minReadingsDays` to `KEPT.hoursDays`. */
  readonly readingsDays: number;
  readonly clock: Clock;
  readonly logger: Logger;
}): ObservationsLoop {
  const { readingsDays, clock, logger } = deps;
  const pool = createPool({
    databaseUrl: deps.databaseUrl,
    applicationName: `zhuji ${deps.gatewayId} observations`,
    logger,
    maxConnections: 2,
    statementTimeoutMs: STATEMENT_MS,
  });
  let prepared: Prepared | null = null;
  /** When TimescaleDB was told last how long readings are kept. */
  let jobsMonoMs = -Infinity;
  let isStopping = false;
  let isEnded = false;
  /** Before the next turn and not after the last one: a turn that went well is over at once, and its fault with it. */
  let restMs = 0;

  async function turn(): Promise<void> {
    await turns.pause(restMs);
    if (isStopping) return;
    restMs = 0;
    prepared ??= await prepare();
    if (prepared.kind === 'native') await lookAfter();
    else await setJobs();
    restMs = TURN_MS;
  }

  async function prepare(): Promise<Prepared> {
    if (!(await hasTables())) throw new DatabaseEmptyError();
    const made = await prepareObservations(pool);
    logger.info(made, 'the table of observations is ready');
    if (made.kind === 'native' && made.timescale === 'ready') {
      logger.warn(made, 'TimescaleDB is there, but the table was made without it and stays so');
    }
    jobsMonoMs = -Infinity;
    return made;
  }

  /** Whether the migrations were here. What is about to be restored into an empty database must find it empty. */
  async function hasTables(): Promise<boolean> {
    const found = await queryRows<{ isThere: boolean }>(
      pool,
      ACTION,
      `select to_regclass('spool_cursor') is not null as "isThere"`,
    );
    return found[0]?.isThere === true;
  }

  async function setJobs(): Promise<void> {
    if (clock.monoMs() - jobsMonoMs < DAY_MS) return;
    await keepReadingsFor(pool, readingsDays);
    jobsMonoMs = clock.monoMs();
  }

  async function lookAfter(): Promise<void> {
    const nowMs = await loadNow(pool, clock.nowMs());
    const keptFromMs = calcKeptFrom(nowMs, readingsDays);
    const client = await pool.connect();
    const ignoreBreak = (): void => undefined;
    client.on('error', ignoreBreak);
    let isWell = false;
    try {
      await ensureParts(client, READINGS, listParts(READINGS, nowMs, nowMs + AHEAD_DAYS * DAY_MS));
      await ensureParts(client, HOURS, listParts(HOURS, nowMs, nowMs + AHEAD_DAYS * DAY_MS));
      const gone = [
        await dropParts(client, READINGS, keptFromMs),
        await dropParts(client, HOURS, calcKeptFrom(nowMs, KEPT.hoursDays)),
      ];
      if (gone.some((count) => count !== null && count > 0)) logger.info({ gone }, 'old observations were let go');
      isWell = true;
    } finally {
      client.off('error', ignoreBreak);
      client.release(!isWell);
    }
    await closeHours({ pool, nowMs, keptFromMs, getsOn: turns.getsOn });
  }

  const turns = createTurns({
    turn,
    // It may be another database, or an older one, that comes back.
    onFault: () => {
      prepared = null;
    },
    message: 'observations are not looked after',
    faultWord: (error) => errorCode(error instanceof ZhujiError ? error : asStoreError(ACTION, error)),
    pauseAfterFaultMs: RETRY_MS,
    pause: async (ms, signal) => {
      await sleep(ms, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
    clock,
    logger,
  });

  return {
    check: () => {
      const { lastFault } = turns.health();
      if (lastFault !== null) return { status: 'degraded', detail: `not looked after: ${lastFault}` };
      if (prepared === null) return { status: 'degraded', detail: 'the table is not made yet' };
      const left = prepared.kind === 'native' && prepared.timescale === 'ready' ? '; TimescaleDB is there, unused' : '';
      return { status: 'ok', detail: `${prepared.kind}${left}` };
    },
    lastRunMonoMs: () => turns.health().lastRunMonoMs,
    start: () => {
      isStopping = false;
      void turns.start();
    },
    stop: async () => {
      isStopping = true;
      // A long statement is not waited for: what is under way happens whole or not at all.
      await waitAtMost(STOP_MS, turns.stop());
      if (isEnded) return;
      isEnded = true;
      await takeLeave(pool);
    },
  };
}
