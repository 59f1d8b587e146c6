import type { Incident, IncidentPage } from '../../gateway/api/contract/incident.ts';
import type { Api } from '../api/client.ts';
import type { Result } from '../api/failure.ts';

/** A page has up to 200 (design §8); this many pages are more than a city has open. */
const MOST_PAGES = 100;

export type Loaded = { readonly incidents: readonly Incident[]; readonly asOf: string | null };

/**
 * All open incidents. The stream must go on from the *first* page's `asOf`: what changes while later pages are read comes
 * again, and versions make that harmless.
 */
export async function loadOpenIncidents(api: Pick<Api, 'get'>): Promise<Result<Loaded>> {
  const byId = new Map<string, Incident>();
  let asOf: string | null = null;
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: string = cursor === null ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const result: Result<IncidentPage> = await api.get<IncidentPage>(`/incidents${query}`);
    if (!result.ok) return result;
    if (page === 0) asOf = result.value.asOf;
    for (const incident of result.value.items) byId.set(incident.id, incident);
    cursor = result.value.next;
    if (cursor === null) break;
  }
  return { ok: true, value: { incidents: [...byId.values()], asOf } };
}
