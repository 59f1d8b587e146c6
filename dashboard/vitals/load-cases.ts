import type { Incident, ResidentIncidentPage } from '../../gateway/api/contract/incident.ts';
import type { Api } from '../api/client.ts';
import type { Result } from '../api/failure.ts';
import type { Bounds } from './span.ts';

/** Pages of 200: more cases of one person in one span say no more on an axis (chosen). */
const MOST_PAGES = 5;

export type SpanCases = {
  readonly items: readonly Incident[];
  /** There are older ones in the span that were not asked for. */
  readonly isCut: boolean;
};

/** Cases of a person that opened in a span, the newest first, also those that no console holds any more. */
export async function loadCases(
  api: Pick<Api, 'get'>,
  residentId: string,
  { fromMs, toMs }: Bounds,
  signal: AbortSignal,
): Promise<Result<SpanCases>> {
  const items: Incident[] = [];
  const query = new URLSearchParams({ from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() });
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const path = `/residents/${encodeURIComponent(residentId)}/incidents?${query}`;
    // One after the other on purpose: the cursor is in the answer.
    const result = await api.get<ResidentIncidentPage>(path, signal);
    if (!result.ok) return result;
    items.push(...result.value.items);
    if (result.value.next === null) return { ok: true, value: { items, isCut: false } };
    query.set('cursor', result.value.next);
  }
  return { ok: true, value: { items, isCut: true } };
}

/** What the feed holds goes before what was read once: it is as of now. */
export function mergeCases(held: ReadonlyMap<string, Incident>, read: readonly Incident[]): Incident[] {
  return [...held.values(), ...read.filter(({ id }) => !held.has(id))];
}
