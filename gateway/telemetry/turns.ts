import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';

/** What a loop publishes of itself. */
export type TurnsHealth = {
  /** When a turn last came to its end, a failed one too, or a long one showed that it gets on; monotonic. */
  readonly lastRunMonoMs: number | null;
  /** Why the last turn failed, as a code; null where it did not. */
  readonly lastFault: string | null;
};

export type Turns = {
  /**
   * Begins to turn. `first` comes before all turns; its fault is noted like theirs, and they begin at once. Resolves when
   * `first` is over. Never rejects.
   */
  readonly start: (first?: () => Promise<void>) => Promise<void>;
  /** Resolves when the turn under way has come to its end. */
  readonly stop: () => Promise<void>;
  /** For within a turn; ends early when the loop is stopped. */
  readonly pause: (ms: number) => Promise<void>;
  /** A long turn gets on. */
  readonly getsOn: () => void;
  readonly health: () => TurnsHealth;
};

/**
 * A loop: turn after turn until it is stopped. A turn that fails is said once, until the fault is another or over, and the
 * next one follows after a pause, without end. Whoever watches that it turns reads `health` (`loops.ts`).
 */
export function createTurns(deps: {
  readonly turn: () => Promise<void>;
  /** After a turn that failed, before the pause: what was believed may not hold any more. Must not reject. */
  readonly onFault: () => Promise<void> | void;
  /** What is logged of a fault: a constant. */
  readonly message: string;
  /** The code of a fault, fit for a log line. */
  readonly faultWord: (error: unknown) => string;
  readonly pauseAfterFaultMs: number;
  /** Never rejects; ends early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly logger: Logger;
}): Turns {
  const { clock, logger } = deps;
  let running: Promise<void> | null = null;
  let abort = new AbortController();
  let lastRunMonoMs: number | null = null;
  let lastFault: string | null = null;

  const getsOn = (): void => {
    lastRunMonoMs = clock.monoMs();
  };

  /** Whether it went well. */
  async function attempt(act: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    try {
      await act();
      lastFault = null;
      return true;
    } catch (error) {
      await deps.onFault();
      if (!signal.aborted) note(deps.faultWord(error));
      return false;
    } finally {
      // Not before `onFault`: a loop that hangs there does not turn either.
      getsOn();
    }
  }

  function note(fault: string): void {
    if (fault !== lastFault) logger.warn({ code: fault }, deps.message);
    lastFault = fault;
  }

  async function loop(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const isWell = await attempt(deps.turn, signal);
      if (!isWell && !signal.aborted) await deps.pause(deps.pauseAfterFaultMs, signal);
    }
  }

  return {
    start: async (first) => {
      if (running !== null) return;
      abort = new AbortController();
      const { signal } = abort;
      const begun = first === undefined ? Promise.resolve(true) : attempt(first, signal);
      running = begun.then(() => loop(signal));
      await begun;
    },
    stop: async () => {
      abort.abort();
      await running;
      running = null;
    },
    pause: (ms) => deps.pause(ms, abort.signal),
    getsOn,
    health: () => ({ lastRunMonoMs, lastFault }),
  };
}
