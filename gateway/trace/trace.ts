import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { FrameTrace } from '../../devices/links/ports.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { errorCode } from '../errors.ts';
import { createChores } from '../history/chores.ts';
import { RepeatGuard } from '../repeat-guard.ts';
import { waitAtMost } from '../store/postgres.ts';
import { eraseFrames, loadErasedDevices } from './erase-frames.ts';
import { FrameFiles } from './frame-files.ts';
import { FrameQueue } from './frame-queue.ts';
import { ThinOut } from './thin-out.ts';
import { searchFrames, type FramePage, type FrameQuery } from './search.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MIB = 1024 * 1024;
/** Longest wait at the end for a disk that does not answer; chosen. */
const STOP_MS = 1000;
/** Longest wait of an erasure for the trace; the rest is done behind it. Chosen. */
const ERASE_MS = 5000;

export type Trace = FrameTrace & {
  /** What was told before the call is found by it. Throws what reading throws. */
  readonly search: (query: FrameQuery) => Promise<FramePage>;
  /** Frames that were not kept since the start. */
  readonly lost: () => number;
  /** Somebody was erased: their devices' frames are to go now. Never rejects. */
  readonly forgetErased: () => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
};

/** Keeps what was on the wire, for a few days, on the disk of this gateway. */
export function createTrace(deps: {
  readonly pool: Pool;
  readonly dataDir: string;
  readonly config: Pick<Config, 'traceDays' | 'traceMib'>;
  readonly clock: Clock;
  readonly logger: Logger;
}): Trace {
  const { pool, config, clock, logger } = deps;
  const keptMs = config.traceDays * DAY_MS;
  const folder = join(deps.dataDir, 'trace');
  const files = new FrameFiles({ folder, keptMs, maxBytes: config.traceMib * MIB, nowMs: clock.nowMs });
  const lines = new RepeatGuard(clock);
  const done = new Set<string>();
  const thinOut = new ThinOut();
  let last: Promise<unknown> = Promise.resolve();

  /** What changes files is done one after the other. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  }

  const queue = new FrameQueue({
    write: async (bytes) => {
      try {
        const pushedOut = await inTurn(() => files.append(bytes));
        if (pushedOut > 0 && lines.isNews('full')) logger.warn('the frame trace is full before its days are over');
      } catch (error) {
        if (lines.isNews('failed')) logger.warn({ code: errorCode(error) }, 'the frame trace cannot be written');
        throw error;
      }
    },
    onLost: () => {
      if (lines.isNews('lost')) logger.warn({ lost: queue.lost }, 'frames were not kept in the trace');
    },
    nowMs: clock.nowMs,
  });

  /** Also what was erased by another gateway, or before a restart. */
  async function eraseDue(): Promise<void> {
    const due = (await loadErasedDevices(pool, clock.nowMs() - keptMs)).filter(({ erasureId }) => !done.has(erasureId));
    if (due.length === 0) return;
    await queue.flush();
    const frames = await inTurn(() => eraseFrames(files, due));
    for (const { erasureId } of due) done.add(erasureId);
    if (frames > 0) logger.info({ frames }, 'frames of who was erased are gone from the trace');
  }

  const chores = createChores({
    chores: [
      { name: 'erased-frames', everyMs: MINUTE_MS, firstAfterMs: 5000, run: eraseDue },
      { name: 'old-frames', everyMs: 10 * MINUTE_MS, firstAfterMs: 10_000, run: () => inTurn(() => files.expire()) },
    ],
    ...{ clock, logger },
  });

  return {
    frame: (frame) => {
      if (thinOut.isKept(frame, clock.nowMs())) queue.frame(frame);
    },
    lost: () => queue.lost,
    search: async (query) => {
      await queue.flush();
      await inTurn(() => files.open());
      return searchFrames(files, query);
    },
    forgetErased: async () => {
      const erasing = eraseDue().catch((error: unknown) =>
        logger.warn({ code: errorCode(error) }, 'an erasure is not finished in the frame trace yet'),
      );
      await waitAtMost(ERASE_MS, erasing);
    },
    start: () => {
      void inTurn(() => files.open()).catch((error: unknown) =>
        logger.warn({ code: errorCode(error) }, 'the frame trace cannot be opened'),
      );
      chores.start();
    },
    stop: async () => {
      await waitAtMost(STOP_MS, chores.stop());
      await waitAtMost(
        STOP_MS,
        queue.flush().then(() => inTurn(() => files.close())),
      );
    },
  };
}
