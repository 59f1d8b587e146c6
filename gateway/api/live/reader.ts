import { ZhujiError } from '../../errors.ts';
import { comparePositions, type LogPosition } from '../../incidents/log-position.ts';
import type { LogItem } from '../../incidents/log-reader.ts';
import type { ToldItem } from '../../incidents/log-tail.ts';

const PAGE = 200;

/** The log was lost or trimmed while a console caught up. */
export class FeedGapError extends ZhujiError {
  constructor() {
    super('feed-gap', 'the log no longer has what a reader missed');
  }
}

/** What a console's connection looks like from here. */
export type ReaderSink = {
  /** Queues one item; false when the reader's bound is passed and the connection was ended. */
  readonly send: (item: ToldItem) => boolean;
};

/**
 * Gives one console every item after its position exactly once and in order: first what it missed, from memory or from
 * the log, then each new one. While it catches up new items are not queued: the log has them.
 */
export function createFeedReader(deps: {
  readonly sink: ReaderSink;
  readonly from: LogPosition;
  /** Items after a position while all of them are still in memory, else null. */
  readonly recentAfter: (position: LogPosition) => readonly LogItem[] | null;
  readonly page: (after: LogPosition, count: number) => Promise<readonly LogItem[]>;
}) {
  let position = deps.from;
  let isLive = false;
  let isEnded = false;

  function send(item: LogItem): void {
    if (isEnded || comparePositions(item.id, position) <= 0) return;
    position = item.id;
    if (!deps.sink.send(item)) isEnded = true;
  }

  return {
    /**
     * Catches up, then goes live. Rejects when the log does not answer or no longer has what was missed; the connection is
     * then to be ended, and the console asks anew.
     */
    start: async (): Promise<void> => {
      while (!isEnded) {
        const recent = deps.recentAfter(position);
        if (recent !== null) {
          for (const item of recent) send(item);
          isLive = true;
          return;
        }
        const missed = await deps.page(position, PAGE);
        if (missed.length === 0 && deps.recentAfter(position) === null) throw new FeedGapError();
        for (const item of missed) send(item);
      }
    },
    /** A new item; ignored while catching up. One without a place in the log is sent as it comes. */
    take: (item: ToldItem): void => {
      if (!isLive || isEnded) return;
      if (item.id !== null) send({ ...item, id: item.id });
      else if (!deps.sink.send(item)) isEnded = true;
    },
    end: (): void => {
      isEnded = true;
    },
  };
}
