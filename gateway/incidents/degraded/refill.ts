import type { Logger } from 'pino';
import { REDIS_KEYS } from '../../store/keys.ts';
import type { CommitRequest } from '../commit-script.ts';
import { MARK_TTL_MS } from '../identity.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { subjectsOf, type IncidentRecord } from '../record.ts';
import { fromStore } from '../store-silence.ts';
import type { IncidentStore, StoreRedis } from '../store.ts';
import type { Keyspace } from './keyspace.ts';
import { planRefill } from './plan-refill.ts';

const AT_ONCE = 200;
const MAX_ROUNDS = 20;

export type RefillRedis = Pick<StoreRedis, 'get' | 'hget' | 'lrange'> & {
  readonly set: (key: string, value: string, px: 'PX', ttlMs: number, nx: 'NX') => Promise<unknown>;
};

/** What else is known of cases, for a Redis that lost data: what Postgres has. Marks: key, value, end. */
export type OtherMemory = () => Promise<{
  readonly seen: readonly (readonly [eventId: string, incidentId: string | null])[];
}>;

/**
 * Gives a Redis that came back empty or older what this gateway knows: marks first, so that no old alarm rings again, then
 * every case of which it has an older version or none. Every gateway does it, as often as it likes: the higher version stays.
 */
export function createRefill(deps: {
  readonly space: Keyspace;
  readonly redis: RefillRedis;
  readonly store: Pick<IncidentStore, 'loadIncident' | 'loadIndex'>;
  readonly run: (request: CommitRequest) => Promise<string[]>;
  readonly otherMemory: OtherMemory | null;
  readonly gatewayId: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}) {
  const { space, redis, store, logger, nowMs } = deps;

  function records(): IncidentRecord[] {
    return space.ranked(INCIDENT_KEYS.allSet).flatMap(([id]) => {
      const held = space.incident(INCIDENT_KEYS.incident(id));
      return held === null ? [] : [JSON.parse(held.json) as IncidentRecord];
    });
  }

  async function restoreMarks(): Promise<number> {
    const marks = [...space.marks(nowMs())];
    for (let at = 0; at < marks.length; at += AT_ONCE) {
      await Promise.all(
        marks.slice(at, at + AT_ONCE).map(([key, value, until]) => {
          const ttlMs = Math.max(1, Math.ceil(until - nowMs()));
          return fromStore(redis.set(key, value, 'PX', ttlMs, 'NX'));
        }),
      );
    }
    return marks.length;
  }

  async function restoreOne(record: IncidentRecord): Promise<boolean> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { id } = record;
      const subjects = subjectsOf(record);
      const [remote, lines, alarmIds, indexes] = await Promise.all([
        store.loadIncident(id),
        fromStore(redis.lrange(INCIDENT_KEYS.entries(id), 0, -1)),
        fromStore(redis.lrange(INCIDENT_KEYS.alarms(id), 0, -1)),
        Promise.all(subjects.map(async (subject) => ({ subject, held: await store.loadIndex(subject) }))),
      ]);
      const request = planRefill({
        space,
        record,
        remote,
        lines,
        alarmIds,
        indexes,
        gatewayId: deps.gatewayId,
        nowMs: nowMs(),
      });
      if (request === null) return false;
      const [word] = await deps.run(request);
      if (word === 'ok') return true;
    }
    throw new Error('a case could not be restored; it changes all the time');
  }

  return {
    /** Whether Redis lacks something that this gateway knows. */
    isNeeded: async (): Promise<boolean> => {
      const lineage = await fromStore(redis.get(REDIS_KEYS.lineage));
      const known = space.text(REDIS_KEYS.lineage, nowMs());
      if (known !== null && lineage !== known) return true;
      const all = records();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const page = all.slice(at, at + AT_ONCE);
        const versions = await Promise.all(
          page.map(({ id }) => fromStore(redis.hget(INCIDENT_KEYS.incident(id), 'v'))),
        );
        if (page.some(({ version }, n) => Number(versions[n] ?? 0) < version)) return true;
      }
      return false;
    },
    run: async (): Promise<void> => {
      const other = (await deps.otherMemory?.())?.seen ?? [];
      for (const [eventId, incidentId] of other) {
        await fromStore(redis.set(INCIDENT_KEYS.seen(eventId), incidentId ?? '-', 'PX', MARK_TTL_MS, 'NX'));
      }
      const marks = await restoreMarks();
      let restored = 0;
      const all = records();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        // Those of one subject share an index: one after the other where they meet, the script sees to that.
        const done = await Promise.all(all.slice(at, at + AT_ONCE).map(restoreOne));
        restored += done.filter(Boolean).length;
      }
      logger.warn({ restored, marks, known: all.length }, 'redis was given what this gateway knows');
    },
  };
}
