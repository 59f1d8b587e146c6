import type { Incident } from '../../gateway/api/contract/incident.ts';
import { isTechnical } from '../queue/types.ts';

/** One ring of one incident: it is confirmed once by each console. */
export type Ring = { readonly incidentId: string; readonly rangAt: string };

export function keyOfRing(ring: Ring): string {
  return `${ring.incidentId}@${ring.rangAt}`;
}

/**
 * Rings about people that the screen shows and that have not been confirmed yet. A power cut raises hundreds of technical
 * ones, and nobody will ask whether a battery was seen.
 */
export function planReceipts(incidents: Iterable<Incident>, confirmed: ReadonlySet<string>): readonly Ring[] {
  return [...incidents]
    .filter((incident) => incident.ringing && incident.state !== 'resolved' && !isTechnical(incident))
    .map((incident) => ({ incidentId: incident.id, rangAt: incident.rangAt }))
    .filter((ring) => !confirmed.has(keyOfRing(ring)));
}
