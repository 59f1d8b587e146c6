import type { CommitRequest } from '../commit-script.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { subjectsOf, type IncidentRecord } from '../record.ts';
import { fromStore } from '../store-silence.ts';
import type { IncidentStore, StoreRedis } from '../store.ts';
import type { Keyspace } from './keyspace.ts';
import { planRefill } from './plan-refill.ts';

/** A case that is refused so often changes all the time. */
const MAX_ROUNDS = 20;

/** Where a case is given from: what is known of it, and its alarms that whoever went on with it had not heard of. */
export type KnownHere = {
  readonly space: Keyspace;
  readonly record: IncidentRecord;
  readonly unheard: readonly string[];
};

/** Gives one case to Redis; false where Redis had all of it. Rejects while Redis is silent. */
export type RestoreCase = (known: KnownHere) => Promise<boolean>;

export function createRestoreCase(deps: {
  readonly redis: Pick<StoreRedis, 'lrange'>;
  readonly store: Pick<IncidentStore, 'loadIncident' | 'loadIndex'>;
  readonly run: (request: CommitRequest) => Promise<string[]>;
  readonly gatewayId: string;
  readonly nowMs: () => number;
}): RestoreCase {
  const { redis, store } = deps;
  return async (known) => {
    const { id } = known.record;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const [remote, lines, alarmIds] = await Promise.all([
        store.loadIncident(id),
        fromStore(redis.lrange(INCIDENT_KEYS.entries(id), 0, -1)),
        fromStore(redis.lrange(INCIDENT_KEYS.alarms(id), 0, -1)),
      ]);
      const subjects = new Set([...subjectsOf(known.record), ...(remote === null ? [] : subjectsOf(remote))]);
      const indexes = await Promise.all(
        [...subjects].map(async (subject) => ({ subject, held: await store.loadIndex(subject) })),
      );
      const { gatewayId } = deps;
      const request = planRefill({ ...known, remote, lines, alarmIds, indexes, gatewayId, nowMs: deps.nowMs() });
      if (request === null) return false;
      const [word] = await deps.run(request);
      if (word === 'ok') return true;
    }
    throw new Error('a case could not be restored; it changes all the time');
  };
}
