import { join } from 'node:path';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { FrameTrace } from '../../devices/links/ports.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { errorCode } from '../errors.ts';
import { createChores } from '../history/chores.ts';
import { createInTurn } from '../in-turn.ts';
import { RepeatGuard } from '../repeat-guard.ts';
import { waitAtMost } from '../store/postgres.ts';
import { eraseFrames, loadErasedFrames } from './erase-frames.ts';
import { type FrameFile, FrameFiles, type FrameFilesOptions } from './frame-files.ts';
import { searchFrames, type FramePage, type FrameQuery } from './search.ts';
import { createShelf, type Shelf } from './shelf.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MIB = 1024 * 1024;
/** Of the room, for frames of nobody in the register; chosen. */
const STRANGERS_SHARE = 1 / 4;
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
  /** Whose frames a stranger's flood must not drive out. From memory. */
  readonly isOfRegister: (deviceId: string) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}): Trace {
  const { pool, config, isOfRegister, clock, logger } = deps;
  const keptMs = config.traceDays * DAY_MS;
  const folder = join(deps.dataDir, 'trace');
  const lines = new RepeatGuard(clock);
  const done = new Set<string>();
  /** What changes files is done one after the other. */
  const inTurn = createInTurn();

  const telling = {
    failed: (error: unknown) => {
      if (lines.isNews('failed')) logger.warn({ code: errorCode(error) }, 'the frame trace cannot be written');
    },
    pushedOut: (name: string) => {
      if (lines.isNews(`full ${name}`)) logger.warn({ of: name }, 'the frame trace is full before its days are over');
    },
    lost: () => {
      if (lines.isNews('lost')) logger.warn({ lost: lost() }, 'frames were not kept in the trace');
    },
  };
  const shelfOf = (name: FrameFilesOptions['name'], maxBytes: number, lastNo: () => number): Shelf =>
    createShelf({
      files: new FrameFiles({ folder, name, keptMs, maxBytes, nowMs: clock.nowMs, lastNo }),
      append: (files, bytes) => inTurn(() => openFiles().then(() => files.append(bytes))),
      ...{ nowMs: clock.nowMs, name, telling },
    });
  const strangersBytes = config.traceMib * MIB * STRANGERS_SHARE;
  const own: Shelf = shelfOf('frames', config.traceMib * MIB - strangersBytes, () => strangers.files.lastNo);
  const strangers: Shelf = shelfOf('strangers', strangersBytes, () => own.files.lastNo);
  const shelves = [own, strangers];

  async function openFiles(): Promise<void> {
    for (const { files } of shelves) await files.open();
  }

  function lost(): number {
    return shelves.reduce((sum, { queue }) => sum + queue.lost, 0);
  }

  async function flush(): Promise<void> {
    await Promise.all(shelves.map(({ queue }) => queue.flush()));
  }

  /** Files of both in one order: by their numbers, which grow together. */
  const files = {
    list: () => shelves.flatMap((shelf) => shelf.files.list()).toSorted((a, b) => a.no - b.no),
    read: (file: FrameFile) => own.files.read(file),
    blank: own.files.blank.bind(own.files),
  };

  /** Also what was erased by another gateway, or before a restart. */
  async function eraseDue(): Promise<void> {
    const due = (await loadErasedFrames(pool, clock.nowMs() - keptMs)).filter(({ erasureId }) => !done.has(erasureId));
    if (due.length === 0) return;
    await flush();
    const frames = await inTurn(() => eraseFrames(files, due));
    for (const { erasureId } of due) done.add(erasureId);
    if (frames > 0) logger.info({ frames }, 'frames of who was erased are gone from the trace');
  }

  async function expire(): Promise<void> {
    for (const shelf of shelves) await shelf.files.expire();
  }

  async function close(): Promise<void> {
    for (const shelf of shelves) await shelf.files.close();
  }

  const chores = createChores({
    chores: [
      { name: 'erased-frames', everyMs: MINUTE_MS, firstAfterMs: 5000, run: eraseDue },
      { name: 'old-frames', everyMs: 10 * MINUTE_MS, firstAfterMs: 10_000, run: () => inTurn(expire) },
    ],
    ...{ clock, logger },
  });

  return {
    frame: (frame) => {
      const isOwn = frame.deviceId !== null && isOfRegister(frame.deviceId);
      (isOwn ? own : strangers).frame(frame);
    },
    lost,
    search: async (query) => {
      await flush();
      await inTurn(openFiles);
      return searchFrames(files, query);
    },
    forgetErased: async () => {
      const erasing = eraseDue().catch((error: unknown) =>
        logger.warn({ code: errorCode(error) }, 'an erasure is not finished in the frame trace yet'),
      );
      await waitAtMost(ERASE_MS, erasing);
    },
    start: () => {
      void inTurn(openFiles).catch((error: unknown) =>
        logger.warn({ code: errorCode(error) }, 'the frame trace cannot be opened'),
      );
      chores.start();
    },
    stop: async () => {
      await waitAtMost(STOP_MS, chores.stop());
      await waitAtMost(
        STOP_MS,
        flush().then(() => inTurn(close)),
      );
    },
  };
}
