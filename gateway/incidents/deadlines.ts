import type { Priority } from '../../devices/alarm-types.ts';
import { ladderDueAt, type StepTarget } from './policy.ts';
import type { OpenIncident, OpenState } from './record.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Milliseconds for priority 1 (promise P3; all chosen, design §4). `accepted` counts from the promised time, `shelved` from
 * its own end; for both the span here is what is added to that moment.
 */
export const DEADLINES = {
  open: 15 * SECOND,
  claimed: 60 * SECOND,
  dispatched: 30 * SECOND,
  accepted: 5 * MINUTE,
  arrived: 3 * MINUTE,
  'with-person': 15 * MINUTE,
  'handed-over': 10 * MINUTE,
  shelved: 0,
} as const satisfies Record<OpenState, number>;

/** An authority that was called without further news, priority 1 (design §4). */
const AUTHORITY_MS = 10 * MINUTE;

/** Between asking the owner and ringing at colleagues and the supervisor, and between two such rings (design §4). */
const CHASE_MS = { 1: 30 * SECOND, 2: 30 * SECOND, 3: 5 * MINUTE, 4: 30 * MINUTE, 5: 30 * MINUTE } as const;

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
  return SPAN_OF_PRIORITY[priority](DEADLINES[state]);
}

/** What happens at a deadline: an event of the machine, or for `ladder` the step of the policy that is due. */
export type DueKind = 'deadline' | 'overdue' | 'ladder';

export type Due = {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly kind: DueKind;
  /** What happens, as `next.step` tells it. */
  readonly step: DueStep;
  /** The longest that this deadline can be away from the moment it was set; a remainder is never believed beyond it. */
  readonly spanMs: number;
};

/** `ring-again`, `ask-…`: a missed deadline; a target: a step of the policy; `begin-again`: its next pass. */
export type DueStep = 'ring-again' | 'ask-owner' | 'ask-news' | 'ask-colleagues' | 'begin-again' | StepTarget;

/**
 * When something happens next if nobody acts. Total over every open incident: computed, never stored, so there is no
 * record without one and a gateway that takes over needs no hand-over (design §4 Time). Of two at the same moment the step
 * of the policy comes first: it reaches further.
 */
export function dueAt(incident: OpenIncident): Due {
  return [ladderDue(incident), authorityDue(incident)].reduceRight<Due>(
    (first, due) => (due !== null && due.at <= first.at ? due : first),
    stateDue(incident),
  );
}

/** The pass that is under way. Its own times are the policy's and so bounded by it. */
function ladderDue({ ladder, policy, state }: OpenIncident): Due | null {
  if (ladder === null || state === 'shelved') return null;
  const lastAfterMs = policy.steps.at(-1)?.afterMs ?? 0;
  const step = policy.steps[ladder.next]?.target ?? 'begin-again';
  const spanMs = lastAfterMs + Math.max(policy.againAfterMs, policy.nobodyAgainMs);
  return { at: ladderDueAt(policy, ladder), kind: 'ladder', step, spanMs };
}

/**
 * 120 was called and nothing was heard since; it also ends a shelf. Once somebody was asked, and while it rings because
 * nobody has it, more is going on already.
 */
function authorityDue({ authority, priority, state, asked, askedAt, ownerId }: OpenIncident): Due | null {
  if (authority === null || state === 'open' || asked !== 'nobody') return null;
  const spanMs = SPAN_OF_PRIORITY[priority](AUTHORITY_MS);
  // Progress elsewhere is no news of the authority, but nobody is asked twice within a span.
  const since = Math.max(authority.at, askedAt);
  const isNobodys = ownerId === null && state !== 'shelved';
  return { at: since + spanMs, kind: isNobodys ? 'overdue' : 'deadline', step: 'ask-news', spanMs };
}

/** What the state itself asks for; past it the owner is asked, and soon after colleagues and the supervisor. */
function stateDue(incident: OpenIncident): Due {
  const { state, priority } = incident;
  const span = calcSpanMs(state, priority);
  if (state === 'shelved') {
    const limit = SHELVE_LIMIT_MS[priority];
    const until = incident.shelvedUntil ?? incident.progressAt;
    return { at: Math.min(until, incident.progressAt + limit), kind: 'deadline', step: 'ring-again', spanMs: limit };
  }
  if (state === 'open') {
    const since = Math.max(incident.progressAt, incident.rangAt);
    return { at: since + span, kind: 'deadline', step: 'ring-again', spanMs: span };
  }
  // Not from the last ring: whoever presses every few seconds must not put off that somebody else is asked.
  if (incident.asked !== 'nobody') {
    const chase = CHASE_MS[priority];
    return { at: incident.askedAt + chase, kind: 'overdue', step: 'ask-colleagues', spanMs: chase };
  }
  const base = baseDue(incident, span);
  // Nobody to ask: its owner is gone.
  return incident.ownerId === null
    ? { ...base, kind: 'overdue', step: 'ask-colleagues' }
    : { ...base, kind: 'deadline', step: 'ask-owner' };
}

/** From the last progress, or from the promise. Who is offered a case and does not take it has no longer than a claim. */
function baseDue(
  { state, priority, promisedAt, progressAt, handoverTo }: OpenIncident,
  span: number,
): Pick<Due, 'at' | 'spanMs'> {
  if (handoverTo !== null) {
    const offerMs = Math.min(span, calcSpanMs('claimed', priority));
    return { at: progressAt + offerMs, spanMs: offerMs };
  }
  if (state !== 'accepted') return { at: progressAt + span, spanMs: span };
  const promised = Math.min(promisedAt ?? progressAt, progressAt + PROMISE_LIMIT_MS);
  return { at: Math.max(promised, progressAt) + span, spanMs: PROMISE_LIMIT_MS + span };
}
