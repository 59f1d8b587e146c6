import { StoreSilentError } from '../store-silence.ts';
import type { CommitResult, IncidentStore } from '../store.ts';

export type Moment = {
  readonly isDegraded: () => boolean;
  /** Redis was silent just now: from here on this gateway works by itself. `reason` is a code. */
  readonly enter: (reason: string) => void;
};

/** Between two attempts while the mode is changing; more are not needed. */
const MAX_CHANGES = 5;

/**
 * The incident store that counts now: Redis, or this gateway's memory while Redis is away. Whoever asks notices nothing but
 * that a plan made from the one may be refused by the other, and is then made anew. Ids of log entries come from Redis only.
 */
export function createStoreOfTheMoment(redis: IncidentStore, local: IncidentStore, moment: Moment): IncidentStore {
  async function ask<T>(act: (store: IncidentStore, isLocal: boolean) => Promise<T>): Promise<T> {
    for (let changes = 0; ; changes += 1) {
      const isLocal = moment.isDegraded();
      try {
        return await act(isLocal ? local : redis, isLocal);
      } catch (error) {
        if (!(error instanceof StoreSilentError) || changes >= MAX_CHANGES) throw error;
        // Memory that was just closed says so too: then Redis is back.
        if (!isLocal) moment.enter(error.reason);
      }
    }
  }

  return {
    commit: (plan) =>
      ask(async (store, isLocal): Promise<CommitResult> => {
        const result = await store.commit(plan);
        if (result.kind === 'conflict') return result;
        return isLocal ? { kind: 'done', logIds: [] } : result;
      }),
    loadIncident: (id) => ask((store) => store.loadIncident(id)),
    loadIncidents: (ids) => ask((store) => store.loadIncidents(ids)),
    loadOpen: () => ask((store) => store.loadOpen()),
    loadIndex: (subject) => ask((store) => store.loadIndex(subject)),
    loadStrangers: (key) => ask((store) => store.loadStrangers(key)),
    loadAlarmView: (event, facts) => ask((store) => store.loadAlarmView(event, facts)),
    loadEvents: (incidentId) => ask((store) => store.loadEvents(incidentId)),
    loadEntries: (incidentId) => ask((store) => store.loadEntries(incidentId)),
    hydrate: (entries) => ask((store) => store.hydrate(entries)),
    loadText: (key) => ask((store) => store.loadText(key)),
    loadIdsUntil: (until, offset, count) => ask((store) => store.loadIdsUntil(until, offset, count)),
  };
}
