import { comparePositions, parseLogPosition, type LogPosition } from '../../incidents/log/log-position.ts';
import type { FeedReset } from '../contract/feed.ts';

export type Resume =
  | { readonly kind: 'after'; readonly position: LogPosition }
  | { readonly kind: 'reset'; readonly reason: FeedReset['reason'] };

/** What a reader asks for: `Last-Event-ID` wins over `after`; neither means from now. */
export type ResumePoint = { readonly lastEventId: string | undefined; readonly after: string | undefined };

/**
 * Where a reader goes on. A point that the log cannot answer gives a reset, never silence and never a guess. `isKnown`:
 * whether the log gave this point; a log that was lost and begun anew did not, so the reader holds what is gone.
 */
export function planResume(
  asked: ResumePoint & {
    readonly newest: LogPosition;
    readonly keptFrom: LogPosition;
    readonly isKnown?: boolean;
  },
): Resume {
  const text = textOf(asked);
  if (text === null) return { kind: 'after', position: asked.newest };
  const position = parseLogPosition(text);
  if (position === null) return { kind: 'reset', reason: 'malformed' };
  if (comparePositions(position, asked.newest) > 0) return { kind: 'reset', reason: 'newer-than-newest' };
  if (comparePositions(position, asked.keptFrom) < 0) return { kind: 'reset', reason: 'older-than-kept' };
  if (asked.isKnown === false) return { kind: 'reset', reason: 'older-than-kept' };
  return { kind: 'after', position };
}

/** While Redis is away: whoever asks for a point may have missed what has no place in the log. */
export function planLocalResume(asked: ResumePoint, newest: LogPosition): Resume {
  const text = textOf(asked);
  if (text === null) return { kind: 'after', position: newest };
  return { kind: 'reset', reason: parseLogPosition(text) === null ? 'malformed' : 'older-than-kept' };
}

/** The point as a position, where it is one. */
export function positionOf(asked: ResumePoint): LogPosition | null {
  const text = textOf(asked);
  return text === null ? null : parseLogPosition(text);
}

function textOf({ lastEventId, after }: ResumePoint): string | null {
  const text = lastEventId || after;
  return text === undefined || text === '' ? null : text;
}
