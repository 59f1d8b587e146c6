import type { EntryDraft } from '../incidents/commit.ts';
import { isOpen, type OpenIncident } from '../incidents/record.ts';
import { applyEvent } from '../incidents/transition.ts';
import type { DuePlan } from './plan-due.ts';

/**
 * Its owner's presence is over: nobody has it any more, it rings, and its ladder begins anew. What is shelved stays so: it
 * rings when its time is over. Pure; null where the machine refuses it, which no open state does.
 */
export function planLapse(incident: OpenIncident, nowMs: number): DuePlan | null {
  const moved = applyEvent(incident, 'lapse', { nowMs });
  if (moved === null || !isOpen(moved.incident)) return null;
  const { ringing, circles } = moved.incident;
  const line = (type: string, data: EntryDraft['data']): EntryDraft => ({
    incidentId: incident.id,
    type,
    actor: 'system',
    at: nowMs,
    data,
  });
  const lapsed = line('lapsed', { ownerId: incident.ownerId, state: incident.state });
  const rang = line('rang', { reason: 'lapsed', circles });
  return {
    plan: {
      incidents: [{ record: moved.incident, was: incident }],
      guarded: [],
      events: [],
      entries: ringing ? [lapsed, rang] : [lapsed],
      notifications: [],
      ack: null,
    },
    reached: null,
  };
}
