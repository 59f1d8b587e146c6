import type { Logger } from 'pino';
import { errorCode, ZhujiError } from '../../errors.ts';
import type { Clock } from '../../clock.ts';
import { Keyspace, type KeyChange } from './keyspace.ts';
import type { LineFile } from './line-file.ts';

/** How long what changed may be only in memory (chosen; a crash of gateway and Redis within it costs those changes). */
const FLUSH_MS = 500;
/** The file is written anew when it has grown by so many lines and by more than it holds. */
const COMPACT_AFTER_LINES = 20_000;
/** What may wait for a disk that refuses; beyond it the file is written anew when the disk is back. Chosen. */
const MAX_WAITING = 100_000;

/** After the whole file could not be written: a full disk is left in peace for so long. Chosen. */
const RETRY_MS = 30_000;

const FORM = { form: 'zhuji-open-incidents', version: 1 } as const;

export type MemoryFile = {
  /** Never rejects: what cannot be read is told loudly and left out. */
  readonly load: () => Promise<Keyspace>;
  /** Begins to write what is noted; `space` is what a new file is made of. */
  readonly start: (space: Keyspace) => void;
  readonly stop: () => Promise<void>;
  readonly note: (change: KeyChange) => void;
  /** What was dropped is to be gone from the disk too: the file is written anew at the next occasion. */
  readonly rewrite: () => void;
};

/** Keeps a keyspace on disk: each change is added within half a second, and the file is made anew when it has grown. */
export function createMemoryFile(deps: {
  readonly file: LineFile;
  readonly clock: Clock;
  readonly logger: Logger;
}): MemoryFile {
  const { file, clock, logger } = deps;
  let waiting: KeyChange[] = [];
  let mustReplace = false;
  let added = 0;
  let whole = 0;
  let space: Keyspace | null = null;
  let flushTimer: NodeJS.Timeout | null = null;
  let flushing: Promise<void> | null = null;
  let isFaulty = false;
  let dueMonoMs = Number.NEGATIVE_INFINITY;

  function note(change: KeyChange): void {
    if (waiting.length >= MAX_WAITING) {
      waiting = [];
      mustReplace = true;
    }
    waiting.push(change);
  }

  async function flush(): Promise<void> {
    if (space === null) return;
    if (mustReplace || (added > COMPACT_AFTER_LINES && added > whole)) {
      waiting = [];
      // Taken at once: what changes while the disk works is noted and added after it.
      const changes = [...space.changes(clock.nowMs())];
      mustReplace = false;
      try {
        await file.replace([FORM, ...changes]);
      } catch (error) {
        mustReplace = true;
        dueMonoMs = clock.monoMs() + RETRY_MS;
        throw error;
      }
      dueMonoMs = Number.NEGATIVE_INFINITY;
      whole = changes.length;
      added = 0;
      return;
    }
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    try {
      await file.append(batch);
      added += batch.length;
    } catch (error) {
      mustReplace = true;
      throw error;
    }
  }

  function tick(): Promise<void> {
    flushing ??= flush()
      .then(
        () => {
          if (isFaulty) logger.info('open incidents are kept on disk again');
          isFaulty = false;
        },
        (error: unknown) => {
          if (!isFaulty) logger.error({ code: errorCode(error) }, 'open incidents could not be kept on disk');
          isFaulty = true;
        },
      )
      .finally(() => {
        flushing = null;
      });
    return flushing;
  }

  return {
    load: async () => {
      const loaded = new Keyspace();
      try {
        const { values, damaged } = await file.load();
        if (values.some(isOtherForm)) throw new ZhujiError('other-form', 'the file is of another version');
        for (const value of values) if (!isForm(value)) loaded.apply(value as KeyChange);
        if (damaged > 0) logger.error({ damaged }, 'the file of open incidents is damaged, what is whole is used');
        // Written anew at the first occasion: without damage, and without what has come to its end.
        mustReplace = true;
      } catch (error) {
        mustReplace = true;
        logger.error({ code: errorCode(error) }, 'the file of open incidents cannot be used');
        return new Keyspace();
      }
      return loaded;
    },
    start: (kept) => {
      space = kept;
      flushTimer ??= setInterval(() => {
        if (clock.monoMs() >= dueMonoMs) void tick();
      }, FLUSH_MS);
    },
    stop: async () => {
      if (flushTimer === null) return;
      clearInterval(flushTimer);
      flushTimer = null;
      await flushing;
      await tick();
      await file.close();
    },
    note,
    rewrite: () => {
      mustReplace = true;
    },
  };
}

function isForm(value: unknown): value is { readonly form: unknown } {
  return typeof value === 'object' && value !== null && 'form' in value;
}

function isOtherForm(value: unknown): boolean {
  return isForm(value) && !(value.form === FORM.form && 'version' in value && value.version === FORM.version);
}
