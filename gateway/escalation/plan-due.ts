import type { CommitPlan, EntryDraft, NotificationDraft } from '../incidents/commit.ts';
import { dueAt, type Due } from '../incidents/deadlines.ts';
import type { OpenIncident } from '../incidents/record.ts';
import { applyEvent, type Transitioned } from '../incidents/transition.ts';
import type { StepTarget } from '../incidents/policy.ts';
import { NOBODY, type Reached } from './reach.ts';

export type Reach = (target: StepTarget, incident: OpenIncident) => Reached;

/**
 * What happens now that an incident's deadline has passed: a missed deadline rings further, a step of the policy rings or
 * notifies, or is passed over because nobody is there. Pure; null where the machine refuses it, which no open state does.
 */
export function planDue(incident: OpenIncident, reach: Reach, nowMs: number): CommitPlan | null {
  const due = dueAt(incident);
  // Past its deadline it is at least that late, whatever the wall clock says: the next deadline lies further on.
  const at = Math.max(nowMs, due.at);
  if (due.kind === 'ladder') return planStep(incident, due, reach, at, nowMs);
  const moved = applyEvent(incident, due.kind, { nowMs: at });
  if (moved === null) return null;
  const rang = line(incident, 'rang', nowMs, {
    reason: due.kind,
    state: incident.state,
    step: due.step,
    transition: moved.name,
    circles: moved.incident.circles,
    sinceMs: Math.max(0, at - incident.progressAt),
  });
  return planOf(incident, moved, [rang], []);
}

function planStep(incident: OpenIncident, due: Due, reach: Reach, at: number, nowMs: number): CommitPlan | null {
  const { ladder } = incident;
  const target = ladder === null ? undefined : incident.policy.steps[ladder.next]?.target;
  if (ladder === null || target === undefined) {
    const again = applyEvent(incident, 'pass-again', { nowMs: at });
    const data = { step: 'begin-again', pass: ladder?.pass ?? 0, hasReached: ladder?.hasReached ?? false };
    return again === null ? null : planOf(incident, again, [line(incident, 'step', nowMs, data)], []);
  }
  const reached = reach(target, incident);
  const isEmpty = reached.userIds.length === 0 && reached.notify.length === 0;
  const reachedNow = isEmpty ? NOBODY : reached;
  const moved = applyEvent(incident, isEmpty ? 'pass-over' : 'climb', {
    nowMs: at,
    reached: {
      circles: reachedNow.circles,
      hasReached: !isEmpty,
      toldIds: reachedNow.notify.flatMap(({ kind, id }) => (kind === 'user' ? [id] : [])),
    },
  });
  if (moved === null) return null;
  const step = line(incident, 'step', nowMs, {
    step: due.step,
    pass: ladder.pass,
    reached: reachedNow.userIds.length + reachedNow.notify.length,
    userIds: reachedNow.userIds,
    notified: reachedNow.notify.map(({ id }) => id),
    ...(isEmpty ? { passedOver: true } : {}),
  });
  const rang = line(incident, 'rang', nowMs, { reason: 'step', step: due.step, circles: moved.incident.circles });
  const drafts = reachedNow.notify.map((to): NotificationDraft => ({
    id: `${incident.id}:${moved.incident.version}:${to.kind}:${to.id}`,
    incidentId: incident.id,
    to,
    reason: 'step',
    step: due.step,
    at: nowMs,
  }));
  return planOf(incident, moved, isEmpty ? [step] : [step, rang], drafts);
}

function line(incident: OpenIncident, type: string, at: number, data: EntryDraft['data']): EntryDraft {
  return { incidentId: incident.id, type, actor: 'system', at, data };
}

function planOf(
  was: OpenIncident,
  moved: Transitioned,
  entries: readonly EntryDraft[],
  notifications: readonly NotificationDraft[],
): CommitPlan {
  return {
    incidents: [{ record: moved.incident, was }],
    guarded: [],
    events: [],
    entries,
    notifications,
    ack: null,
  };
}
