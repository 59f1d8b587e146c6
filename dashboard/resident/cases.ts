import type { Incident } from '../../gateway/api/contract/incident.ts';

/** As many closed ones as a look takes in (chosen). */
const MOST_CLOSED = 10;

export type Cases = { readonly open: readonly Incident[]; readonly closed: readonly Incident[] };

/** Cases of a person, or that may be theirs; the newest first. */
export function listCases(incidents: Iterable<Incident>, residentId: string): Cases {
  const own = [...incidents]
    .filter((incident) => incident.residentId === residentId || isCandidate(incident, residentId))
    .toSorted((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt));
  return {
    open: own.filter(({ state }) => state !== 'resolved'),
    closed: own.filter(({ state }) => state === 'resolved').slice(0, MOST_CLOSED),
  };
}

/** Once somebody has said who it is, it is nobody else's. */
function isCandidate({ residentId, candidates }: Incident, asked: string): boolean {
  return residentId === null && candidates.includes(asked);
}

/**
 * Changes when a case of a person, or of anything in their home, opens, is pressed again or ends: then devices were heard, or
 * have fallen silent. Notes and claims do not change it.
 */
export function calcNews(incidents: Iterable<Incident>, residentId: string, homeId: string | null): string {
  return [...incidents]
    .filter(
      (incident) =>
        incident.residentId === residentId ||
        isCandidate(incident, residentId) ||
        (homeId !== null && incident.homeId === homeId),
    )
    .map(({ id, presses, state }) => `${id} ${presses} ${state === 'resolved'}`)
    .toSorted()
    .join();
}
