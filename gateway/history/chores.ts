import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { faultWord } from '../incidents/store-silence.ts';
import { RepeatGuard } from '../repeat-guard.ts';

/** Something that is done again and again beside the work; it may fail and is then tried again at its next time. */
export type Chore = {
  readonly name: string;
  readonly everyMs: number;
  /** The first time so long after the start. */
  readonly firstAfterMs: number;
  readonly run: () => Promise<unknown>;
};

const LOOK_EVERY_MS = 1000;

/** Runs chores one after the other, each at its time, on the monotonic clock. */
export function createChores(deps: {
  readonly chores: readonly Chore[];
  readonly clock: Clock;
  readonly logger: Logger;
}): { readonly start: () => void; readonly stop: () => Promise<void> } {
  const { chores, clock, logger } = deps;
  const lines = new RepeatGuard(clock);
  const dueMonoMs = new Map<string, number>();
  let lookTimer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;

  async function runDue(): Promise<void> {
    for (const { name, everyMs, run } of chores) {
      if (lookTimer === null) return;
      if ((dueMonoMs.get(name) ?? 0) > clock.monoMs()) continue;
      dueMonoMs.set(name, clock.monoMs() + everyMs);
      try {
        await run();
      } catch (error) {
        const code = faultWord(error);
        if (lines.isNews(`${name} ${code}`)) logger.warn({ chore: name, code }, 'a chore of the history failed');
      }
    }
  }

  return {
    start: () => {
      if (lookTimer !== null) return;
      for (const { name, firstAfterMs } of chores) dueMonoMs.set(name, clock.monoMs() + firstAfterMs);
      lookTimer = setInterval(() => {
        running ??= runDue().finally(() => {
          running = null;
        });
      }, LOOK_EVERY_MS);
    },
    stop: async () => {
      if (lookTimer !== null) clearInterval(lookTimer);
      lookTimer = null;
      await running;
    },
  };
}
