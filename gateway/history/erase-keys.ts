import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { fromStore } from '../incidents/store-silence.ts';
import { queryRows } from '../store/postgres.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { parseObject } from './log-line.ts';
import { loadStreamPage } from './stream-page.ts';

const ACTION = 'erase from redis';
const PAGE = 500;

/**
 * Removes from Redis what erasures in Postgres still have to remove there: events, texts, and alarms that stand in the
 * stream although they were dispatched. Done again for every life of Redis' data, which may bring it back. Answers how many
 * erasures were finished. @throws StoreError, StoreSilentError
 */
export async function eraseKeys({ pool, redis }: { readonly pool: Pool; readonly redis: Redis }): Promise<number> {
  const due = await queryRows<{ id: string }>(
    pool,
    ACTION,
    'select id from erasures where redis_done_at is null order by id',
  );
  for (const { id } of due) {
    const eventIds = await loadIds(
      pool,
      `select events.id from events join erasures on erasures.id = $1 and events.body is null
         and (events.incident_id = any(incident_ids) or events.id = any(event_ids))`,
      id,
    );
    const refs = await loadIds(
      pool,
      `select ref as id from personal_texts join erasures on erasures.id = $1 and incident_id = any(incident_ids)
       where personal_texts.said is null`,
      id,
    );
    await removeKeys(redis, [
      ...eventIds.map((eventId) => INCIDENT_KEYS.event(eventId)),
      ...refs.map((ref) => INCIDENT_KEYS.personal(ref)),
    ]);
    if (eventIds.length > 0) await removeAlarms(redis, new Set(eventIds));
    await queryRows(pool, ACTION, 'update erasures set redis_done_at = now() where id = $1', [id]);
  }
  return due.length;
}

async function loadIds(pool: Pool, sql: string, erasureId: string): Promise<string[]> {
  return (await queryRows<{ id: string }>(pool, ACTION, sql, [erasureId])).map(({ id }) => id);
}

async function removeKeys(redis: Redis, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += PAGE) await fromStore(redis.unlink(...keys.slice(at, at + PAGE)));
}

/** Alarms stay in their stream for a day after dispatch. These belong to cases that are closed, so nothing waits for them. */
async function removeAlarms(redis: Redis, eventIds: ReadonlySet<string>): Promise<void> {
  let after = '0-0';
  for (;;) {
    const { entries } = await loadStreamPage(redis, REDIS_KEYS.alarms, after, PAGE);
    const theirs = entries.filter(({ fields }) => {
      const event = parseObject(fields['event'] ?? '');
      return event !== null && 'id' in event && typeof event.id === 'string' && eventIds.has(event.id);
    });
    if (theirs.length > 0) {
      await fromStore(redis.xdel(REDIS_KEYS.alarms, ...theirs.map(({ position }) => position)));
    }
    const last = entries.at(-1);
    if (last === undefined || entries.length < PAGE) return;
    after = last.position;
  }
}
