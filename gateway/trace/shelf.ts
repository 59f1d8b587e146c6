import type { FrameTrace } from '../../devices/links/ports.ts';
import type { FrameFiles } from './frame-files.ts';
import { FrameQueue } from './frame-queue.ts';
import { ThinOut } from './thin-out.ts';

export type ShelfOptions = {
  readonly name: string;
  readonly files: FrameFiles;
  /** As that of the files, one at a time. */
  readonly append: (files: FrameFiles, bytes: Buffer) => Promise<number>;
  readonly telling: {
    readonly pushedOut: (name: string) => void;
    readonly failed: (error: unknown) => void;
    readonly lost: () => void;
  };
  readonly nowMs: () => number;
};

/** Files of the trace with what stands before them: nothing that floods one shelf takes room from another, in memory or on the disk. */
export type Shelf = FrameTrace & Pick<ShelfOptions, 'files'> & { readonly queue: Pick<FrameQueue, 'flush' | 'lost'> };

export function createShelf({ name, files, append, telling, nowMs }: ShelfOptions): Shelf {
  const thinOut = new ThinOut();
  const queue = new FrameQueue({
    write: async (bytes) => {
      try {
        if ((await append(files, bytes)) > 0) telling.pushedOut(name);
      } catch (error) {
        telling.failed(error);
        throw error;
      }
    },
    onLost: telling.lost,
    nowMs,
  });
  return {
    files,
    queue,
    frame: (frame) => {
      if (thinOut.isKept(frame, nowMs())) queue.frame(frame);
    },
  };
}
