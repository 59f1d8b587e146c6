import { comparePositions, parseLogPosition, type LogPosition } from '../../incidents/log-position.ts';
import type { FeedReset } from '../contract/feed.ts';

export type Resume =
  | { readonly kind: 'after'; readonly position: LogPosition }
  | { readonly kind: 'reset'; readonly reason: FeedReset['reason'] };

/**
 * Where a reader goes on. `Last-Event-ID` wins over `after`; neither means from now. A point that the log cannot answer
 * gives a reset, never silence and never a guess.
 */
export function planResume(asked: {
  readonly lastEventId: string | undefined;
  readonly after: string | undefined;
  readonly newest: LogPosition;
  readonly keptFrom: LogPosition;
}): Resume {
  const text = asked.lastEventId || asked.after;
  if (text === undefined || text === '') return { kind: 'after', position: asked.newest };
  const position = parseLogPosition(text);
  if (position === null) return { kind: 'reset', reason: 'malformed' };
  if (comparePositions(position, asked.newest) > 0) return { kind: 'reset', reason: 'newer-than-newest' };
  if (comparePositions(position, asked.keptFrom) < 0) return { kind: 'reset', reason: 'older-than-kept' };
  return { kind: 'after', position };
}
