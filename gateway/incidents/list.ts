import type { IncidentState } from '../api/contract/incident.ts';
import type { IncidentRecord } from './record.ts';
import type { IncidentStore } from './store.ts';

/** Chosen with the contract: pages of 200 (design §8). A page may have fewer and yet a `next`. */
export const PAGE_SIZE = 200;
const CHUNK = 250;
/**
 * Cases of Redis that one request looks at; then the page ends, and `next` goes on from there. Chosen: what a site of
 * 100,000 cases a year has in the week for which Redis keeps closed ones.
 */
const MAX_LOOKED_AT = 2000;

export type ListQuery = {
  /** null: every state. */
  readonly states: ReadonlySet<IncidentState> | null;
  /** Whatever is wanted lies in these regions, or is `everybodys`. */
  readonly scopes: readonly string[];
  /** Also what lies in no region or is for all is wanted. */
  readonly everybodys: boolean;
  readonly isWanted: (incident: IncidentRecord) => boolean;
};

export type ListCursor = { readonly openedAt: number; readonly id: string };

export type ListPage = { readonly items: readonly IncidentRecord[]; readonly next: ListCursor | null };

/**
 * What is kept beside Redis: the first `count` in order after a cursor, in states and scopes, or all there are if fewer; it
 * may be behind Redis, and may have more than is wanted. It reads no more than it answers.
 */
export type LoadKept = (
  query: Omit<ListQuery, 'isWanted'>,
  after: ListCursor | null,
  count: number,
) => Promise<readonly IncidentRecord[]>;

export type ListSources = {
  readonly store: Pick<IncidentStore, 'loadIdsUntil' | 'loadIncidents'>;
  readonly loadKept: LoadKept;
};

/** `<openedAt>_<id>` of the last incident of a page. */
export function formatCursor(cursor: ListCursor): string {
  return `${cursor.openedAt}_${cursor.id}`;
}

export function parseCursor(text: string): ListCursor | null {
  const match = /^(\d{1,16})_([A-Za-z0-9._-]{1,64})$/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? null : { openedAt: Number(match[1]), id: match[2] };
}

/** Newest first; equal times by descending id, as Redis and Postgres rank them. */
export function compareInList(a: ListCursor, b: ListCursor): number {
  return b.openedAt - a.openedAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

/** One page, newest first: what Redis has, and behind it what is kept elsewhere; the work is bounded. */
export async function loadIncidentPage(
  { store, loadKept }: ListSources,
  query: ListQuery,
  after: ListCursor | null,
): Promise<ListPage> {
  const [young, kept] = await Promise.all([scanStore(store, query, after), loadKept(query, after, PAGE_SIZE + 1)]);
  const lastKept = kept.length > PAGE_SIZE ? kept.at(-1) : undefined;
  const ends = [young.end, lastKept === undefined ? null : cursorOf(lastKept)].filter((end) => end !== null);
  // Beyond the nearer end one of the two has not been looked at.
  const horizon = ends.toSorted(compareInList)[0] ?? null;
  const old = kept.filter((incident) => !young.seen.has(incident.id) && isOf(query, incident));
  return cutPage([...young.wanted, ...old], horizon);
}

/** The first of these in order, up to `horizon`: beyond it nobody has looked, so there it goes on when they fill no page. */
export function cutPage(found: readonly IncidentRecord[], horizon: ListCursor | null): ListPage {
  const inOrder = found
    .filter((incident) => horizon === null || compareInList(incident, horizon) <= 0)
    .toSorted(compareInList);
  const items = inOrder.slice(0, PAGE_SIZE);
  const last = items.at(-1);
  return { items, next: inOrder.length > PAGE_SIZE && last !== undefined ? cursorOf(last) : horizon };
}

/** From the cursor on until a page is full; `end` is how far it came, null: to the last. What was `seen` counts as Redis has it. */
async function scanStore(store: ListSources['store'], query: ListQuery, after: ListCursor | null) {
  const wanted: IncidentRecord[] = [];
  const seen = new Set<string>();
  let end = after;
  let lookedAt = 0;
  // Only steps over those that opened at the very same moment.
  let offset = 0;
  while (wanted.length <= PAGE_SIZE && lookedAt < MAX_LOOKED_AT) {
    const from = end;
    const ranked = await store.loadIdsUntil(from?.openedAt ?? null, offset, CHUNK);
    const fresh = ranked.filter((rank) => from === null || compareInList(rank, from) > 0);
    for (const incident of await store.loadIncidents(fresh.map(({ id }) => id))) {
      seen.add(incident.id);
      if (isOf(query, incident)) wanted.push(incident);
    }
    if (ranked.length < CHUNK) return { wanted, seen, end: null };
    lookedAt += fresh.length;
    offset = fresh.length === 0 ? offset + CHUNK : 0;
    end = fresh.at(-1) ?? end;
  }
  return { wanted, seen, end };
}

function isOf({ states, isWanted }: ListQuery, incident: IncidentRecord): boolean {
  return (states === null || states.has(incident.state)) && isWanted(incident);
}

export function cursorOf({ openedAt, id }: IncidentRecord): ListCursor {
  return { openedAt, id };
}
