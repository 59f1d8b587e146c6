import { monotonicFactory } from 'ulid';
import { asEventId, type EventId } from '../../devices/event.ts';
import type { Clock } from '../clock.ts';

/** The time of a ULID has 48 bits. */
const MAX_TIME_MS = 2 ** 48 - 1;

/**
 * ULIDs that only ever rise within one run, also while the wall clock jumps back or stands at nonsense: a wrong clock must
 * not refuse an alarm. `random` gives numbers in [0, 1); without it the system's source is used.
 */
export function createEventIds(clock: Clock, random?: () => number): () => EventId {
  const next = monotonicFactory(random);
  return () => {
    const nowMs = Math.floor(clock.nowMs());
    return asEventId(next(Number.isFinite(nowMs) ? Math.min(MAX_TIME_MS, Math.max(1, nowMs)) : 1));
  };
}
