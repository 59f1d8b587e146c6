import type { Incident, RingCircle } from '../../gateway/api/contract/incident.ts';
import type { Role } from '../../gateway/api/contract/session.ts';
import { isSupervisor } from '../session/roles.ts';

/** The person at this console, as far as a ring is concerned. */
export type Listener = {
  readonly id: string;
  readonly roles: readonly Role[];
  /** Scopes. */
  readonly regions: readonly string[];
  readonly isOnDuty: boolean;
};

/**
 * Whether a ring is meant for this console: operators on duty for the region first, everybody and supervisors later, or the
 * one who has the case. A circle that this page does not know is meant for everybody, and so is none at all.
 */
export function ringsAt(incident: Incident, listener: Listener): boolean {
  if (!incident.ringing) return false;
  if (incident.circles.length === 0) return true;
  return incident.circles.some((circle) => isIn(circle, incident, listener));
}

function isIn(circle: RingCircle, incident: Incident, listener: Listener): boolean {
  switch (circle) {
    case 'duty':
      return listener.isOnDuty && isInScope(listener.regions, incident.region);
    case 'owner':
      return incident.owner?.id === listener.id;
    case 'handover':
      return incident.handoverTo?.id === listener.id;
    case 'supervisors':
      return isSupervisor(listener);
    default:
      return true;
  }
}

/** `*` is all, a region covers what lies below it, nobody's region is everybody's (design §8). */
function isInScope(scopes: readonly string[], region: string | null): boolean {
  return region === null || scopes.some((scope) => scope === '*' || region === scope || region.startsWith(`${scope}/`));
}
