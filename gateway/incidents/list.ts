import type { IncidentState } from '../api/contract/incident.ts';
import type { IncidentRecord } from './record.ts';
import type { IncidentStore } from './store.ts';

/** Chosen with the contract: pages of 200 (design §8). */
export const PAGE_SIZE = 200;
const CHUNK = 500;

export type ListFilter = {
  /** null: every state. */
  readonly states: ReadonlySet<IncidentState> | null;
  readonly isWanted: (incident: IncidentRecord) => boolean;
};

export type ListCursor = { readonly openedAt: number; readonly id: string };

/** `<openedAt>_<id>` of the last incident of a page. */
export function formatCursor(cursor: ListCursor): string {
  return `${cursor.openedAt}_${cursor.id}`;
}

export function parseCursor(text: string): ListCursor | null {
  const match = /^(\d{1,16})_([A-Za-z0-9._-]{1,64})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? null : { openedAt: Number(match[1]), id: match[2] };
}

/** One page, newest first. Ids of equal opening times are ranked by Redis in descending byte order, as compared here. */
export async function loadIncidentPage(
  store: Pick<IncidentStore, 'loadIdsUntil' | 'loadIncidents'>,
  filter: ListFilter,
  after: ListCursor | null,
): Promise<{ readonly items: readonly IncidentRecord[]; readonly next: ListCursor | null }> {
  const items: IncidentRecord[] = [];
  let scanned = after;
  for (let offset = 0; ; offset += CHUNK) {
    const ranked = await store.loadIdsUntil(after?.openedAt ?? null, offset, CHUNK);
    // Incidents that opened meanwhile push the others down: what was scanned before comes again and is left out.
    const fresh = ranked.filter((rank) => scanned === null || comesAfter(rank, scanned));
    scanned = fresh.at(-1) ?? scanned;
    for (const incident of await store.loadIncidents(fresh.map(({ id }) => id))) {
      if (filter.states !== null && !filter.states.has(incident.state)) continue;
      if (!filter.isWanted(incident)) continue;
      const last = items.at(-1);
      if (items.length === PAGE_SIZE && last !== undefined) {
        return { items, next: { openedAt: last.openedAt, id: last.id } };
      }
      items.push(incident);
    }
    if (ranked.length < CHUNK) return { items, next: null };
  }
}

function comesAfter(rank: ListCursor, cursor: ListCursor): boolean {
  return rank.openedAt < cursor.openedAt || (rank.openedAt === cursor.openedAt && rank.id < cursor.id);
}
