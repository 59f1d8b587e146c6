import type { Logger } from 'pino';
import type { Check } from '../api/contract/feed.ts';
import type { Clock } from '../clock.ts';
import type { SystemAlarms } from './system-alarms.ts';

/** A loop of the gateway: something that must come round again and again for the gateway to do its work. */
export type Loop = {
  /** Stable and unique; part of the code of its incident. */
  readonly name: string;
  /** When it last came round, monotonic; null before its first turn. A turn that failed and is tried again counts. */
  readonly lastRunMonoMs: () => number | null;
  /** Without a turn for so long it is stuck. */
  readonly stuckAfterMs: number;
  /** Stuck for so long the process ends itself, so that its keeper starts it anew; null where that would not help. */
  readonly endAfterMs: number | null;
};

export type LoopState = { readonly name: string; readonly isStuck: boolean; readonly stillMs: number };

export type Loops = {
  /** Throws when the name is taken. */
  readonly register: (loop: Loop) => void;
  readonly start: () => void;
  readonly stop: () => void;
  readonly states: () => readonly LoopState[];
  readonly check: () => Check;
  readonly isStuck: (name: string) => boolean;
};

const LOOK_EVERY_MS = 500;
/** More than this between two looks was no turn of ours either: the process stood still. Chosen. */
const MOST_BETWEEN_LOOKS_MS = 1000;

type Watched = { readonly loop: Loop; seenRun: number | null; awakeAtRun: number };

/**
 * Watches that every loop comes round. Time counts only while this watch itself comes round: after a machine that stood
 * still nothing is stuck, everything is late together.
 */
export function createLoops(deps: {
  readonly alarms: Pick<SystemAlarms, 'raise' | 'restore'>;
  /** Ends the process at once and loudly. */
  readonly end: (name: string) => void;
  readonly clock: Pick<Clock, 'monoMs'>;
  readonly logger: Logger;
}): Loops {
  const { alarms, clock, logger } = deps;
  const watched = new Map<string, Watched>();
  let lookTimer: NodeJS.Timeout | null = null;
  let lookedMono: number | null = null;
  let awakeMs = 0;

  function stillMs({ awakeAtRun }: Watched): number {
    return awakeMs - awakeAtRun;
  }

  function look(): void {
    const nowMono = clock.monoMs();
    if (lookedMono !== null) awakeMs += Math.min(nowMono - lookedMono, MOST_BETWEEN_LOOKS_MS);
    lookedMono = nowMono;
    for (const each of watched.values()) judge(each);
  }

  function judge(each: Watched): void {
    const { loop } = each;
    const run = loop.lastRunMonoMs();
    if (run !== each.seenRun) {
      each.seenRun = run;
      each.awakeAtRun = awakeMs;
    }
    const code = `loop-stuck:${loop.name}`;
    const still = stillMs(each);
    if (still <= loop.stuckAfterMs) {
      alarms.restore(code);
      return;
    }
    alarms.raise(code, { stuckAfterMs: loop.stuckAfterMs });
    if (loop.endAfterMs === null || still <= loop.endAfterMs) return;
    logger.fatal({ loop: loop.name, stillMs: still }, 'a loop is stuck for good: the process ends to be started anew');
    deps.end(loop.name);
  }

  const states = (): LoopState[] =>
    [...watched.values()].map((each) => ({
      name: each.loop.name,
      isStuck: stillMs(each) > each.loop.stuckAfterMs,
      stillMs: Math.round(stillMs(each)),
    }));

  return {
    register: (loop) => {
      if (watched.has(loop.name)) throw new Error(`two loops are called ${loop.name}`);
      watched.set(loop.name, { loop, seenRun: null, awakeAtRun: awakeMs });
    },
    start: () => {
      lookTimer ??= setInterval(look, LOOK_EVERY_MS);
    },
    stop: () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      lookedMono = null;
    },
    states,
    check: () => {
      const stuck = states().filter(({ isStuck }) => isStuck);
      if (stuck.length === 0) return { status: 'ok', detail: `${watched.size} loops turn` };
      const detail = stuck.map(({ name, stillMs: still }) => `${name}: no turn for ${Math.round(still / 1000)} s`);
      return { status: 'degraded', detail: detail.join('; ') };
    },
    isStuck: (name) => states().some((state) => state.name === name && state.isStuck),
  };
}
