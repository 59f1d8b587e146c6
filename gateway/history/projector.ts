import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';
import { ZhujiError } from '../errors.ts';
import { faultWord } from '../incidents/store-silence.ts';
import { followStream, type FollowDeps, type PassResult, type StreamTaker } from './follow-stream.ts';

/** Without a trigger; a trigger comes with every line of the log. Chosen. */
const TICK_MS = 1000;
/** A page that has not come to its end for so long is stuck; its statements are bounded by 12 s. Chosen. */
const STUCK_AFTER_MS = 30_000;
/** So far behind the history is told to be late. Chosen. */
const LATE_AFTER_MS = 10_000;

export type Projector = {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  /** Something was written: look now. */
  readonly trigger: () => void;
  /** Takes all there is; resolves when everything written before the call is in Postgres. @throws StoreError, StoreSilentError */
  readonly catchUp: () => Promise<void>;
  readonly check: () => Check;
  /** When a page was last taken or a turn came to its end, a failed one too. */
  readonly lastRunMonoMs: () => number | null;
};

/** Carries the streams into Postgres: tick and trigger, one turn at a time. Postgres or Redis away only makes it late. */
export function createProjector(
  deps: FollowDeps & { readonly takers: readonly StreamTaker[]; readonly logger: Logger },
): Projector {
  const { clock, logger, takers } = deps;
  let tickTimer: NodeJS.Timeout | null = null;
  let turning: Promise<void> | null = null;
  let isAskedAgain = false;
  let isStopping = false;
  let turnSinceMonoMs: number | null = null;
  /** When everything there was had been taken. */
  let caughtUpMonoMs: number | null = null;
  let startedMonoMs = 0;
  let lastFault: string | null = null;
  let lastRunMonoMs: number | null = null;

  async function takeAll(): Promise<void> {
    for (const taker of takers) {
      const result = await takePages(taker);
      if (result === 'nameless') throw new ZhujiError('redis-nameless', 'the data of Redis has no name yet');
    }
  }

  async function takePages(taker: StreamTaker): Promise<PassResult['kind']> {
    for (;;) {
      const { kind } = await followStream(deps, taker);
      markAlive();
      if (kind !== 'more' || isStopping) return kind;
    }
  }

  /** A backlog of many pages is late, not stuck. */
  function markAlive(): void {
    lastRunMonoMs = clock.monoMs();
    turnSinceMonoMs = lastRunMonoMs;
  }

  async function turn(): Promise<void> {
    turnSinceMonoMs = clock.monoMs();
    try {
      await takeAll();
      if (lastFault !== null) logger.info('the history is written again');
      lastFault = null;
      if (!isStopping) caughtUpMonoMs = clock.monoMs();
    } catch (error) {
      const fault = faultWord(error);
      if (fault !== lastFault) logger.warn({ code: fault }, 'the history is not written now');
      lastFault = fault;
      throw error;
    } finally {
      turnSinceMonoMs = null;
      lastRunMonoMs = clock.monoMs();
    }
  }

  /** The turn that is under way may have read before this call: then another one follows it. */
  async function catchUp(): Promise<void> {
    const before = turning;
    if (before !== null) await before.catch(() => undefined);
    turning ??= turn().finally(() => {
      turning = null;
    });
    await turning;
  }

  function trigger(): void {
    if (tickTimer === null) return;
    if (turning !== null) {
      isAskedAgain = true;
      return;
    }
    isAskedAgain = false;
    // Told by the turn itself; tried again at the next tick.
    catchUp().then(
      () => {
        if (isAskedAgain) trigger();
      },
      () => undefined,
    );
  }

  return {
    start: () => {
      if (tickTimer !== null) return;
      isStopping = false;
      startedMonoMs = clock.monoMs();
      tickTimer = setInterval(trigger, TICK_MS);
      trigger();
    },
    stop: async () => {
      if (tickTimer !== null) clearInterval(tickTimer);
      tickTimer = null;
      isStopping = true;
      await turning?.catch(() => undefined);
    },
    trigger,
    catchUp,
    lastRunMonoMs: () => lastRunMonoMs,
    check: () => {
      const now = clock.monoMs();
      const behindMs = now - (caughtUpMonoMs ?? startedMonoMs);
      const behind = `${Math.round(behindMs / 1000)} s behind`;
      if (turnSinceMonoMs !== null && now - turnSinceMonoMs > STUCK_AFTER_MS) {
        return { status: 'degraded', detail: `a page does not come to its end; ${behind}` };
      }
      if (lastFault !== null) return { status: 'degraded', detail: `${lastFault}; ${behind}` };
      if (behindMs > LATE_AFTER_MS) return { status: 'degraded', detail: behind };
      return { status: 'ok', detail: 'the history is written' };
    },
  };
}
