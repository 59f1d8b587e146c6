import type { CommitPlan } from './commit.ts';
import { dueAt } from './deadlines.ts';
import type { OpenIncident } from './record.ts';
import { applyEvent } from './transition.ts';

/** What happens when nobody did anything until the deadline: it rings again, and the next deadline runs. */
export function planDeadline(incident: OpenIncident, nowMs: number): CommitPlan | null {
  const due = dueAt(incident);
  // Past its deadline it is at least that late, whatever the wall clock says: the next deadline lies further on.
  const moved = applyEvent(incident, 'deadline', { nowMs: Math.max(nowMs, due.at) });
  if (moved === null) return null;
  return {
    incidents: [{ record: moved.incident, was: incident }],
    guarded: [],
    events: [],
    entries: [
      {
        incidentId: incident.id,
        type: 'rang',
        actor: 'system',
        at: nowMs,
        data: { reason: 'deadline', state: incident.state, step: due.step, transition: moved.name },
      },
    ],
    ack: null,
  };
}
