import type { CommitPlan, EntryDraft, NotificationDraft } from '../incidents/commit.ts';
import { dueAt, type Due } from '../incidents/deadlines.ts';
import { isAskedToAct, type StepTarget } from '../incidents/policy.ts';
import { isOpen, type IncidentRecord, type OpenIncident } from '../incidents/record.ts';
import { applyEvent } from '../incidents/transition.ts';
import { NOBODY, type Reached } from './reach.ts';

export type Reach = (target: StepTarget, incident: OpenIncident) => Reached;

/** When a deadline is carried out. */
export type FiringTime = {
  /** Epoch milliseconds by the wall clock. */
  readonly nowMs: number;
  /** How long ago it was due, by the monotonic clock. Left out: what the wall clock says. */
  readonly lateMs?: number;
};

export type DuePlan = {
  readonly plan: CommitPlan;
  /**
   * `nobody`: a pass has just gone through all of its steps, and there was nobody who could act; `somebody`: a step has just
   * reached one who can.
   */
  readonly reached: 'nobody' | 'somebody' | null;
};

type Stepped = {
  readonly incident: OpenIncident;
  readonly entries: readonly EntryDraft[];
  readonly notifications: readonly NotificationDraft[];
  readonly hasReached: boolean;
};

/**
 * What happens now that an incident's deadline has passed: a missed deadline rings further, a step of the policy rings or
 * notifies, or is passed over because nobody is there, and with it everything that is due at once then. Pure; null where the
 * machine refuses it, which no open state does.
 */
export function planDue(incident: OpenIncident, reach: Reach, time: FiringTime): DuePlan | null {
  const due = dueAt(incident);
  // Past its deadline it is at least that late, whatever the wall clock says: the next deadline lies further on.
  const at = Math.max(time.nowMs, due.at);
  // Whole milliseconds, as all times of an incident: fractions would set steps of one moment apart.
  const lateMs = Math.round(time.lateMs ?? at - due.at);
  // Where the wall clock jumped while the pass ran, its next steps keep their distance.
  const moved = moveLadder(incident, at - lateMs - due.at);
  const begun: Stepped = { incident: moved, entries: [], notifications: [], hasReached: false };
  const done = due.kind === 'ladder' ? climb(begun, reach, at, time) : missDeadline(begun, due, at, time);
  if (done === null) return null;
  const { entries, notifications } = done;
  return {
    plan: {
      incidents: [{ record: done.incident, was: incident }],
      guarded: [],
      events: [],
      entries,
      notifications,
      ack: null,
    },
    reached: done.hasReached ? 'somebody' : due.kind === 'ladder' && hasReachedNobody(done.incident) ? 'nobody' : null,
  };
}

/** A pass that is over and has reached nobody. */
function hasReachedNobody({ ladder, policy }: OpenIncident): boolean {
  return ladder !== null && ladder.next >= policy.steps.length && !ladder.hasReached;
}

function moveLadder(incident: OpenIncident, byMs: number): OpenIncident {
  const { ladder } = incident;
  return ladder === null || byMs === 0
    ? incident
    : { ...incident, ladder: { ...ladder, startedAt: ladder.startedAt + byMs } };
}

/** The state's or the authority's deadline: whoever should have acted is asked, or it rings further. */
function missDeadline({ incident }: Stepped, due: Due, at: number, { nowMs }: FiringTime): Stepped | null {
  const moved = applyEvent(incident, due.kind === 'overdue' ? 'overdue' : 'deadline', { nowMs: at });
  if (moved === null || !isOpen(moved.incident)) return null;
  const rang = line(incident, 'rang', nowMs, {
    reason: due.kind,
    state: incident.state,
    step: due.step,
    transition: moved.name,
    circles: moved.incident.circles,
    sinceMs: Math.max(0, at - incident.progressAt),
  });
  return { incident: moved.incident, entries: [rang], notifications: [], hasReached: false };
}

/** The step that is due, and those that are due with it because they are of the same moment or nobody is there for one. */
function climb(begun: Stepped, reach: Reach, at: number, time: FiringTime): Stepped | null {
  const first = takeStep(begun, reach, at, time);
  if (first === null) return null;
  let done = first;
  // Each round takes a step of the pass; where it begins again the next deadline takes over.
  for (;;) {
    const next = dueAt(done.incident);
    if (next.kind !== 'ladder' || next.step === 'begin-again' || next.at > done.incident.updatedAt) return done;
    const further = takeStep(done, reach, at, time);
    if (further === null) return done;
    done = further;
  }
}

function takeStep(so: Stepped, reach: Reach, at: number, { nowMs }: FiringTime): Stepped | null {
  const { incident } = so;
  const { ladder } = incident;
  const target = ladder === null ? undefined : incident.policy.steps[ladder.next]?.target;
  if (ladder === null || target === undefined) {
    const again = applyEvent(incident, 'pass-again', { nowMs: at });
    const data = { step: 'begin-again', pass: ladder?.pass ?? 0, hasReached: ladder?.hasReached ?? false };
    return follow(so, again?.incident, { entries: [line(incident, 'step', nowMs, data)] });
  }
  // The family is told once, not at each pass.
  const reached = isAskedToAct(target) || ladder.pass === 1 ? reach(target, incident) : NOBODY;
  const isEmpty = reached.userIds.length === 0 && reached.notify.length === 0;
  const hasReached = !isEmpty && isAskedToAct(target);
  const moved = applyEvent(incident, isEmpty ? 'pass-over' : 'climb', {
    nowMs: at,
    reached: {
      circles: reached.userIds.length === 0 ? [] : reached.circles,
      hasReached,
      toldIds: reached.notify.flatMap(({ kind, id }) => (kind === 'user' ? [id] : [])),
    },
  });
  if (moved === null) return null;
  const step = line(incident, 'step', nowMs, {
    step: target,
    pass: ladder.pass,
    reached: reached.userIds.length + reached.notify.length,
    userIds: reached.userIds,
    notified: reached.notify.map(({ id }) => id),
    ...(isEmpty ? { passedOver: true } : {}),
  });
  const rang = line(incident, 'rang', nowMs, { reason: 'step', step: target, circles: moved.incident.circles });
  const drafts = reached.notify.map((to): NotificationDraft => ({
    // The same where two gateways come to it at once: told twice it is known as one.
    id: `${incident.id}:${moved.incident.version}:${to.kind}:${to.id}`,
    incidentId: incident.id,
    to,
    reason: 'step',
    step: target,
    at: nowMs,
  }));
  // An empty step is told in the first pass, and where nothing else is told with it: gateways know of what the log brings.
  const isTold = !isEmpty || ladder.pass === 1 || so.entries.length === 0;
  const entries = [...(isTold ? [step] : []), ...(reached.userIds.length === 0 ? [] : [rang])];
  return follow(so, moved.incident, { entries, notifications: drafts, hasReached });
}

function follow(so: Stepped, next: IncidentRecord | undefined, done: Partial<Stepped>): Stepped | null {
  if (next === undefined || !isOpen(next)) return null;
  return {
    incident: next,
    entries: [...so.entries, ...(done.entries ?? [])],
    notifications: [...so.notifications, ...(done.notifications ?? [])],
    hasReached: so.hasReached || done.hasReached === true,
  };
}

function line(incident: OpenIncident, type: string, at: number, data: EntryDraft['data']): EntryDraft {
  return { incidentId: incident.id, type, actor: 'system', at, data };
}
