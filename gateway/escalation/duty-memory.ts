import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { errorCode } from '../errors.ts';
import { RepeatGuard } from '../repeat-guard.ts';

/** User id and what they said of their duty, as `DutyBook` takes it. */
export type SaidDuties = readonly (readonly [userId: string, raw: string])[];

/** A disk that refuses is left in peace for so long. Chosen. */
const RETRY_MS = 30_000;

export type DutyMemory = {
  /** As it was last kept; never rejects: without it only Redis and the people themselves can tell. */
  readonly load: () => Promise<SaidDuties>;
  /** Keeps it, where it is not what is kept already; waits for nothing. */
  readonly keep: (duties: SaidDuties) => void;
  /** When nothing is being written any more. */
  readonly settled: () => Promise<void>;
};

/**
 * Who said that they are on duty, in the data folder: a gateway that starts while Redis is away calls the helpers who were on
 * duty when it last ran. What Redis says afterwards counts for more.
 */
export function createDutyMemory(deps: {
  readonly file: {
    readonly load: () => Promise<{ readonly values: readonly unknown[] }>;
    readonly replace: (values: Iterable<unknown>) => Promise<void>;
  };
  readonly clock: Pick<Clock, 'monoMs' | 'nowMs'>;
  readonly logger: Logger;
}): DutyMemory {
  const { file, clock, logger } = deps;
  const lines = new RepeatGuard(clock);
  let kept = '';
  let wanted: SaidDuties = [];
  let writing: Promise<void> | null = null;
  let dueMonoMs = Number.NEGATIVE_INFINITY;

  /** Never rejects. */
  async function write(): Promise<void> {
    try {
      for (let text = JSON.stringify(wanted); text !== kept; text = JSON.stringify(wanted)) {
        await file.replace(wanted);
        kept = text;
      }
    } catch (error) {
      dueMonoMs = clock.monoMs() + RETRY_MS;
      const code = errorCode(error);
      if (lines.isNews(code)) logger.error({ code }, 'who is on duty could not be kept on disk');
    }
  }

  return {
    load: async () => {
      try {
        const { values } = await file.load();
        const duties = values.filter(isSaid);
        kept = JSON.stringify(duties);
        return duties;
      } catch (error) {
        logger.error({ code: errorCode(error) }, 'who was on duty could not be read from disk');
        return [];
      }
    },
    keep: (duties) => {
      wanted = duties;
      if (writing !== null || clock.monoMs() < dueMonoMs || JSON.stringify(duties) === kept) return;
      writing = write().finally(() => {
        writing = null;
      });
    },
    settled: async () => {
      await writing;
    },
  };
}

function isSaid(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}
