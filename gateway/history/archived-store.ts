import { loadIncidentPage, type ListCursor, type ListPage, type ListQuery } from '../incidents/list.ts';
import type { IncidentStore } from '../incidents/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { Archive } from './archive.ts';

export type ArchivedStore = Omit<IncidentStore, 'loadIdsUntil'> & {
  /** One page of a list, newest first, after a cursor. */
  readonly loadPage: (query: ListQuery, after: ListCursor | null) => Promise<ListPage>;
};

/**
 * Reads of incidents that go on where Redis ends: what it let go is read from Postgres. For screens only: dispatch, commands
 * and deadlines ask the store itself and wait for nobody. With Postgres away there is what Redis has.
 */
export function createArchivedStore(store: IncidentStore, archive: Archive): ArchivedStore {
  async function loadIncidents(ids: readonly string[]) {
    const found = await store.loadIncidents(ids);
    const have = new Set<string>(found.map(({ id }) => id));
    const missing = ids.filter((id) => !have.has(id));
    if (missing.length === 0) return found;
    const old = await orNothing(archive.loadIncidents(missing));
    const byId = new Map([...found, ...old].map((incident) => [String(incident.id), incident]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  return {
    ...store,
    loadIncidents,
    loadIncident: async (id) => (await loadIncidents([id]))[0] ?? null,
    loadEvents: async (id) => {
      const found = await store.loadEvents(id);
      // A case whose alarms went to another has none, and is there.
      const isKept = found.length > 0 || (await store.loadIncident(id)) !== null;
      return isKept ? found : orNothing(archive.loadEvents(id));
    },
    loadEntries: async (id) => {
      const found = await store.loadEntries(id);
      return found.length > 0 ? found : orNothing(archive.loadEntries(id));
    },
    loadPage: (query, after) =>
      loadIncidentPage({ store, loadKept: (...asked) => orNothing(archive.loadKept(...asked)) }, query, after),
  };
}

async function orNothing<T>(answer: Promise<readonly T[]>): Promise<T[]> {
  try {
    return [...(await answer)];
  } catch (error) {
    if (error instanceof StoreError) return [];
    throw error;
  }
}
