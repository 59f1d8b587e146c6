import type { Priority } from '../../devices/alarm-types.ts';
import type { OpenIncident, OpenState } from './record.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

type DeadlineRule = {
  /** Milliseconds for priority 1; all values chosen (design §4). */
  readonly spanMs: number;
  /** What happens past it, as `next.step` tells it. */
  readonly step: string;
};

/**
 * Every open state has a deadline (promise P3). `accepted` counts from the promised time, `shelved` from its own end; for
 * both the span here is what is added to that moment.
 */
export const DEADLINES = {
  open: { spanMs: 15 * SECOND, step: 'ring-again' },
  claimed: { spanMs: 60 * SECOND, step: 'ask-owner' },
  dispatched: { spanMs: 30 * SECOND, step: 'ask-owner' },
  accepted: { spanMs: 5 * MINUTE, step: 'ask-owner' },
  arrived: { spanMs: 3 * MINUTE, step: 'ask-owner' },
  'with-person': { spanMs: 15 * MINUTE, step: 'ask-owner' },
  'handed-over': { spanMs: 10 * MINUTE, step: 'ask-owner' },
  shelved: { spanMs: 0, step: 'ring-again' },
} as const satisfies Record<OpenState, DeadlineRule>;

/** Priority 2 has four times the span of priority 1; below that the state makes no difference. */
const SPAN_OF_PRIORITY = {
  1: (spanMs: number) => spanMs,
  2: (spanMs: number) => 4 * spanMs,
  3: () => 30 * MINUTE,
  4: () => 4 * HOUR,
  5: () => 4 * HOUR,
} as const satisfies Record<Priority, (spanMs: number) => number>;

/** The longest that an incident may be shelved. */
export const SHELVE_LIMIT_MS = { 1: 30 * MINUTE, 2: 30 * MINUTE, 3: 24 * HOUR, 4: 24 * HOUR, 5: 24 * HOUR } as const;

/** A helper's promise further away than this is not believed. */
const PROMISE_LIMIT_MS = 2 * HOUR;

export function calcSpanMs(state: OpenState, priority: Priority): number {
  return SPAN_OF_PRIORITY[priority](DEADLINES[state].spanMs);
}

export type Due = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly step: string;
  /** The longest that this deadline can be away from the moment it was set; a remainder is never believed beyond it. */
  readonly spanMs: number;
};

/**
 * When something happens next if nobody acts. Total over every open incident: computed, never stored, so there is no
 * record without one and a gateway that takes over needs no hand-over (design §4 Time).
 */
export function dueAt(incident: OpenIncident): Due {
  const { state, priority } = incident;
  const { step } = DEADLINES[state];
  const span = calcSpanMs(state, priority);
  const since = Math.max(incident.progressAt, incident.rangAt);
  switch (state) {
    case 'shelved': {
      const limit = SHELVE_LIMIT_MS[priority];
      const until = incident.shelvedUntil ?? incident.progressAt;
      return { at: Math.min(until, incident.progressAt + limit), step, spanMs: limit };
    }
    case 'accepted': {
      // From the promise, not from the last ring: else a promise beyond belief would be believed anew at each ring.
      const promised = Math.min(incident.promisedAt ?? since, incident.progressAt + PROMISE_LIMIT_MS);
      return { at: Math.max(promised, since) + span, step, spanMs: PROMISE_LIMIT_MS + span };
    }
    default:
      return { at: since + span, step, spanMs: span };
  }
}
