import { compareInList, cursorOf, cutPage, PAGE_SIZE, type ListCursor, type ListPage } from './list.ts';
import type { IncidentRecord } from './record.ts';

/** Cases of one person that opened in a span; epoch milliseconds, `toMs` not included. */
export type PersonQuery = { readonly residentId: string; readonly fromMs: number; readonly toMs: number };

/** The first `count` after a cursor, newest first, or all there are if fewer, as they are kept for long. */
export type LoadPersonCases = (
  query: PersonQuery,
  after: ListCursor | null,
  count: number,
) => Promise<readonly IncidentRecord[]>;

/** Whether a case is about somebody, or may be: once somebody has said who it is, it is nobody else's. */
export function isAbout({ residentId, candidates }: IncidentRecord, asked: string): boolean {
  return residentId === asked || (residentId === null && candidates.includes(asked));
}

/** One page, newest first: what is kept for long, and what is open as this gateway knows it, which is newer. */
export async function loadPersonPage(
  sources: { readonly loadKept: LoadPersonCases; readonly open: () => readonly IncidentRecord[] },
  query: PersonQuery,
  after: ListCursor | null,
): Promise<ListPage> {
  const kept = await sources.loadKept(query, after, PAGE_SIZE + 1);
  // In this order: what closes in between is still among the kept, what opens is among the open.
  const open = new Map(sources.open().map((incident) => [String(incident.id), incident]));
  const isAfter = (incident: IncidentRecord): boolean => after === null || compareInList(incident, after) > 0;
  const own = [...open.values()].filter(
    (incident) =>
      isAbout(incident, query.residentId) &&
      incident.openedAt >= query.fromMs &&
      incident.openedAt < query.toMs &&
      isAfter(incident),
  );
  const lastKept = kept.length > PAGE_SIZE ? kept.at(-1) : undefined;
  // Beyond its last one it has not been looked at what is kept.
  return cutPage(
    [...own, ...kept.filter(({ id }) => !open.has(id))],
    lastKept === undefined ? null : cursorOf(lastKept),
  );
}
