import type { Clock } from '../clock.ts';
import type { ChainHead } from './chain.ts';
import { appendHead } from './head-file.ts';

/**
 * Writes where the chain stands to files outside the database, so that whoever computes it anew is found out. A head that a
 * file has already is not written again; a file that cannot be written does not keep the others from it.
 */
export function createHeadWriter(deps: {
  readonly paths: readonly string[];
  readonly loadHead: () => Promise<ChainHead | null>;
  readonly clock: Clock;
}): () => Promise<void> {
  const written = new Map<string, number>();
  return async () => {
    const head = await deps.loadHead();
    if (head === null || head.seq === 0) return;
    const due = deps.paths.filter((path) => written.get(path) !== head.seq);
    const done = await Promise.allSettled(
      due.map(async (path) => {
        await appendHead(path, head, deps.clock.nowMs());
        written.set(path, head.seq);
      }),
    );
    const failed = done.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  };
}
