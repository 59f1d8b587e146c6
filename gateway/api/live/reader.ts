import { ZhujiError } from '../../errors.ts';
import { comparePositions, type LogPosition } from '../../incidents/log/log-position.ts';
import type { LogItem } from '../../incidents/log/log-reader.ts';
import type { ToldItem } from '../../incidents/log/log-tail.ts';

const PAGE = 200;
/** More than a gateway does by itself while a console catches up. Chosen. */
const MAX_ASIDE = 1000;

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
  /** Whether more may be queued of what was missed: a console is given no more of it than it reads. */
  readonly hasRoom: () => boolean;
  /** Resolves when everything queued was taken, or the connection ended. */
  readonly drained: () => Promise<void>;
};

/**
 * Gives one console every item after its position exactly once and in order: first what it missed, from memory or from
 * the log, then each new one. While it catches up new items are not queued: the log has them. It catches up at the pace at
 * which it reads: all of a long absence at once would end the connection before its first byte, at every return.
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
  /** What came while it caught up and stands in no log. */
  let aside: ToldItem[] = [];

  function send(item: LogItem): void {
    if (isEnded || comparePositions(item.id, position) <= 0) return;
    position = item.id;
    if (!deps.sink.send(item)) isEnded = true;
  }

  function sendWhileRoom(items: readonly LogItem[]): boolean {
    for (const item of items) {
      if (!deps.sink.hasRoom()) return false;
      send(item);
    }
    return true;
  }

  function goLive(): void {
    isLive = true;
    for (const item of aside.splice(0)) if (!isEnded && !deps.sink.send(item)) isEnded = true;
  }

  return {
    /**
     * Catches up, then goes live. Rejects when the log does not answer or no longer has what was missed; the connection is
     * then to be ended, and the console asks anew.
     */
    start: async (): Promise<void> => {
      while (!isEnded) {
        const recent = deps.recentAfter(position);
        const missed = recent ?? (await deps.page(position, PAGE));
        if (missed.length === 0 && deps.recentAfter(position) === null) throw new FeedGapError();
        const hasSentAll = sendWhileRoom(missed);
        if (hasSentAll && recent !== null) return goLive();
        if (!hasSentAll) await deps.sink.drained();
      }
    },
    /** A new item; the log has it while it catches up. One without a place in the log waits for that, bounded. */
    take: (item: ToldItem): void => {
      if (isEnded) return;
      if (!isLive) {
        if (item.id === null && aside.push(item) > MAX_ASIDE) aside = aside.slice(-MAX_ASIDE);
        return;
      }
      if (item.id !== null) send({ ...item, id: item.id });
      else if (!deps.sink.send(item)) isEnded = true;
    },
    end: (): void => {
      isEnded = true;
    },
  };
}
