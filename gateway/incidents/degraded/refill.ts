import type { Logger } from 'pino';
import { REDIS_KEYS } from '../../store/keys.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import type { IncidentRecord } from '../record.ts';
import { fromStore } from '../store-silence.ts';
import type { StoreRedis } from '../store.ts';
import type { Keyspace } from './keyspace.ts';
import type { RestoreCase } from './restore-case.ts';
import { restoreMarks, type MarkRedis } from './restore-marks.ts';

const AT_ONCE = 200;

export type RefillRedis = Pick<StoreRedis, 'get' | 'hget'> & MarkRedis;

/**
 * Gives a Redis that came back empty or older what this gateway knows: marks first, so that no old alarm rings again, then
 * every case of which it has an older version or none. Every gateway does it, as often as it likes: the higher version stays.
 */
export function createRefill(deps: {
  readonly space: Keyspace;
  readonly redis: RefillRedis;
  readonly restore: RestoreCase;
  readonly nowMs: () => number;
  readonly logger: Logger;
}) {
  const { space, redis, restore, logger, nowMs } = deps;

  function records(): IncidentRecord[] {
    return space.ranked(INCIDENT_KEYS.allSet).flatMap(([id]) => {
      const held = space.incident(INCIDENT_KEYS.incident(id));
      return held === null ? [] : [JSON.parse(held.json) as IncidentRecord];
    });
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
      const marks = [...space.marks(nowMs())].map(([key, value, until]) => ({ key, value, until }));
      await restoreMarks(redis, marks, nowMs);
      let restored = 0;
      const all = records();
      for (let at = 0; at < all.length; at += AT_ONCE) {
        // Those of one subject share an index: one after the other where they meet, the script sees to that.
        const done = await Promise.all(
          all.slice(at, at + AT_ONCE).map((record) => restore({ space, record, unheard: [] })),
        );
        restored += done.filter(Boolean).length;
      }
      logger.warn({ restored, marks: marks.length, known: all.length }, 'redis was given what this gateway knows');
    },
  };
}
