import type { Clock } from '../../clock.ts';
import type { LongMemory } from './long-memory.ts';

/** Longest that dispatch waits for what Redis has lost: two cases of one person are better than none. Chosen. */
const WAIT_MS = 3000;

export type GiveBack = {
  /** Gives Redis what this gateway knows; what Postgres knows follows. Rejects while Redis is silent. */
  readonly run: () => Promise<void>;
  /** The same, where Redis lacks something; answers whether it may lack more, which only Postgres knows. */
  readonly runWhereLacking: () => Promise<boolean>;
  /** From now on dispatch waits for the open cases that Postgres knows. */
  readonly awaitOpen: () => void;
  /** At a start: `lacking` is what `runWhereLacking` comes to. */
  readonly awaitLacking: (lacking: Promise<boolean>) => void;
  /** Redis may not have all open cases yet: a press decided now may open a second one beside the one that it belongs to. */
  readonly isAwaited: () => boolean;
};

/** Sees to it that a Redis that lost data gets it back, and that a press waits for that, but not for long. */
export function createGiveBack(deps: {
  readonly refill: { readonly isNeeded: () => Promise<boolean>; readonly run: () => Promise<void> };
  readonly longMemory: Pick<LongMemory, 'ask' | 'beforeRefill' | 'afterRefill' | 'openTold'>;
  /** What this gateway knew when it last ran. Never rejects. */
  readonly remember: () => Promise<void>;
  /** Whether it knows of no Redis at all, so that it cannot tell what is missing in this one. */
  readonly knowsNone: () => boolean;
  readonly clock: Pick<Clock, 'monoMs'>;
}): GiveBack {
  const { refill, longMemory, clock } = deps;
  let running: Promise<void> | null = null;
  let wait: { readonly untilMonoMs: number } | null = null;

  async function giveAll(): Promise<void> {
    // Redis may be found empty before the start: without the marks, old alarms would ring again.
    await deps.remember();
    await longMemory.beforeRefill();
    await refill.run();
    longMemory.afterRefill();
  }

  function give(): Promise<void> {
    running ??= giveAll().finally(() => {
      running = null;
    });
    return running;
  }

  function waitFor(told: Promise<void>): void {
    const own = { untilMonoMs: clock.monoMs() + WAIT_MS };
    wait = own;
    const end = (): void => {
      if (wait === own) wait = null;
    };
    // What failed is tried again, beside the work.
    told.then(end, end);
  }

  return {
    run: () => {
      const given = give();
      waitFor(given.then(longMemory.openTold));
      return given;
    },
    runWhereLacking: async () => {
      const isUnknown = deps.knowsNone();
      const isNeeded = await refill.isNeeded();
      if (isNeeded) await give();
      return isNeeded || isUnknown;
    },
    awaitOpen: () => {
      longMemory.ask();
      waitFor(longMemory.openTold());
    },
    awaitLacking: (lacking) => waitFor(lacking.then((mayLack) => (mayLack ? longMemory.openTold() : undefined))),
    isAwaited: () => wait !== null && clock.monoMs() < wait.untilMonoMs,
  };
}
