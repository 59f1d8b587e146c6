import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Clock } from '../../clock.ts';
import { errorCode } from '../../errors.ts';
import { faultWord } from '../store-silence.ts';
import type { Undecided } from './undecided.ts';

/** How often it is looked at whether Redis is there. */
export const LOOK_EVERY_MS = 250;
/** While Redis is told what happened, new alarms wait for it; longer than this they ring here. Chosen. */
const RETURN_LIMIT_MS = 2000;
const PING_EVERY_MS = 1000;
/** Between two attempts to go back; each costs Redis a write. */
const RETRY_MS = 500;

/**
 * - `normal`: Redis decides and keeps
 * - `degraded`: this gateway works by itself
 * - `returning`: Redis is being told what happened meanwhile; this gateway's memory still counts
 */
export type ModeName = 'normal' | 'degraded' | 'returning';

export type ModeDeps = {
  /** Takes up work in memory; synchronous, so that nothing falls between. */
  readonly begin: () => void;
  /**
   * Tells Redis what was done and goes back to it. Calls `end` synchronously with the last moment at which this memory
   * counts. Rejects when Redis falls silent.
   */
  readonly goBack: (end: () => void) => Promise<void>;
  /** Rejects unless Redis takes writes now. */
  readonly probe: () => Promise<unknown>;
  /** A sign of life; rejects when there is none. */
  readonly ping: () => Promise<unknown>;
  /** Whether it is worth trying: the connections are up. */
  readonly isReachable: () => boolean;
  readonly decideHere: (event: AlarmEvent) => Promise<void>;
  readonly undecided: Undecided;
  /** Alarms that the journal has and Redis may not have. */
  readonly unsettled: () => AsyncIterable<AlarmEvent>;
  readonly clock: Clock;
  readonly logger: Logger;
};

export type Mode = {
  readonly name: () => ModeName;
  /** Whether this gateway's memory counts. */
  readonly isDegraded: () => boolean;
  /** Redis was silent just now. `reason` is a code. */
  readonly enter: (reason: string) => void;
  /** An alarm came in; its way into Redis has begun. */
  readonly takeAlarm: (event: AlarmEvent) => void;
  /** One look; the owner's timer calls it every LOOK_EVERY_MS. */
  readonly look: () => void;
  readonly settled: () => Promise<void>;
  /** From now on nothing changes the mode any more. */
  readonly end: () => void;
};

/** Decides whether Redis counts or this gateway's own memory, and sees to it that every alarm rings in either. */
export function createMode(deps: ModeDeps): Mode {
  const { undecided, clock, logger } = deps;
  let name: ModeName = 'normal';
  let isEnded = false;
  let nextTryMonoMs = Number.NEGATIVE_INFINITY;
  let nextPingMonoMs = Number.NEGATIVE_INFINITY;
  let returningSinceMonoMs = 0;
  let isPinging = false;
  let trying: Promise<void> | null = null;

  function enter(reason: string): void {
    if (name !== 'normal' || isEnded) return;
    name = 'degraded';
    logger.error({ reason }, 'redis is away, this gateway works by itself');
    nextTryMonoMs = clock.monoMs() + RETRY_MS;
    deps.begin();
    decideAll();
    if (reason === 'start' || undecided.hasForgotten()) {
      decideUnsettled().catch((error: unknown) => {
        logger.error({ code: errorCode(error) }, 'the journal could not be read for alarms that wait');
      });
    }
  }

  function decideAll(): void {
    for (const event of undecided.all()) decide(event);
  }

  function decide(event: AlarmEvent): void {
    void deps.decideHere(event).then(() => {
      if (name !== 'normal') undecided.decided(event.id);
    });
  }

  async function decideUnsettled(): Promise<void> {
    for await (const event of deps.unsettled()) {
      if (name === 'normal') return;
      await deps.decideHere(event);
    }
  }

  async function tryReturn(): Promise<void> {
    try {
      await deps.probe();
      name = 'returning';
      returningSinceMonoMs = clock.monoMs();
      await deps.goBack(() => {
        name = 'normal';
        nextPingMonoMs = clock.monoMs() + PING_EVERY_MS;
        logger.warn('redis is back and has what was done without it');
      });
    } catch (error) {
      const code = faultWord(error);
      logger.debug({ code }, 'redis is not back yet');
      nextTryMonoMs = clock.monoMs() + RETRY_MS;
      if (name === 'normal') enter(code);
      name = 'degraded';
      decideAll();
    }
  }

  async function ping(): Promise<void> {
    isPinging = true;
    try {
      await deps.ping();
    } catch (error) {
      enter(faultWord(error));
    } finally {
      isPinging = false;
    }
  }

  function look(): void {
    if (isEnded) return;
    const nowMonoMs = clock.monoMs();
    if (name === 'normal' && !isPinging && nowMonoMs >= nextPingMonoMs) {
      nextPingMonoMs = nowMonoMs + PING_EVERY_MS;
      void ping();
    }
    if (name === 'returning' && nowMonoMs - returningSinceMonoMs > RETURN_LIMIT_MS) decideAll();
    if (name === 'degraded' && trying === null && nowMonoMs >= nextTryMonoMs && deps.isReachable()) {
      trying = tryReturn().finally(() => {
        trying = null;
      });
    }
  }

  return {
    name: () => name,
    isDegraded: () => name !== 'normal',
    enter,
    takeAlarm: (event) => {
      undecided.add(event);
      if (name === 'degraded') decide(event);
    },
    look,
    settled: async () => {
      await trying;
    },
    end: () => {
      isEnded = true;
    },
  };
}
