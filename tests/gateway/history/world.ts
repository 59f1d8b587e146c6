import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { AlarmEvent } from '../../../devices/event.ts';
import { systemClock, type Clock } from '../../../gateway/clock.ts';
import { followStream } from '../../../gateway/history/follow-stream.ts';
import { createLogTaker } from '../../../gateway/history/take-log.ts';
import { auditTaker } from '../../../gateway/history/take-audit.ts';
import { INCIDENT_KEYS } from '../../../gateway/incidents/keys.ts';
import type { IncidentRecord } from '../../../gateway/incidents/record.ts';
import { REDIS_KEYS } from '../../../gateway/store/keys.ts';
import { createPool, queryRows } from '../../../gateway/store/postgres.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { afterwards } from '../../harness/cleanup.ts';
import { createDatabase } from '../../harness/postgres.ts';
import { createRedis } from '../../harness/redis.ts';
import { until } from '../../harness/until.ts';
import { nextId, openIncident, pressed, resolvedIncident } from '../incidents/build.ts';
import { silent } from '../incidents/world.ts';

export function openPool(databaseUrl: string): Pool {
  const pool = createPool({ databaseUrl, applicationName: 'test', logger: silent });
  afterwards(() => pool.end());
  return pool;
}

export type HistoryWorld = Awaited<ReturnType<typeof openHistory>>;

/** A Redis with a life of its own, a migrated Postgres, and what writes from one to the other. */
export async function openHistory(options: { readonly redisUrl?: string; readonly clock?: Clock } = {}) {
  const redisUrl = options.redisUrl ?? (await createRedis()).redisUrl;
  const redis = connectRedis({ target: redisUrl, role: 'command', gatewayId: 'test', logger: silent });
  afterwards(() => redis.disconnect());
  await until(() => redis.status === 'ready', { timeoutMs: 30_000, what: 'a connection to Redis' });
  const { databaseUrl } = await createDatabase();
  const pool = openPool(databaseUrl);
  await redis.set(REDIS_KEYS.lineage, 'life-1');
  const deps = { pool, redis, clock: options.clock ?? systemClock };
  const logTaker = createLogTaker(redis, randomUUID);

  return {
    ...deps,
    redisUrl,
    databaseUrl,
    logTaker,
    /** Takes everything there is; answers the number of passes that took something. */
    takeAll: async (): Promise<number> => {
      let passes = 0;
      for (const taker of [logTaker, auditTaker]) {
        while ((await followStream(deps, taker)).kind === 'more') passes += 1;
      }
      return passes;
    },
    rows: <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(pool, 'test', sql, values),
  };
}

const CLOSED = resolvedIncident().resolution;

export type Written = {
  readonly position: string;
  readonly incident: IncidentRecord;
  readonly event: AlarmEvent;
  readonly ref: string;
};

/** A case as the store's script writes it: opened by an alarm, with a note, closed when `isClosed`. */
export async function writeCase(
  redis: Redis,
  changes: Partial<IncidentRecord> & { readonly text?: string; readonly isClosed?: boolean } = {},
): Promise<Written> {
  const { text = 'she fell', isClosed = true, ...record } = changes;
  const event = pressed({ id: nextId(), message: { text: `${text} (pressed)` } });
  const id = `inc-${event.id}` as IncidentRecord['id'];
  const opened = openIncident({ ...record, id, version: 1, state: 'open' });
  await redis.set(INCIDENT_KEYS.event(event.id), JSON.stringify(event));
  await redis.rpush(INCIDENT_KEYS.alarms(id), event.id);
  const first = { incidentId: id, type: 'opened', actor: 'device:pendant-1', at: event.receivedAt };
  await addLine(redis, { ...first, data: { alarmId: event.id, type: 'sos' } }, opened);
  await addLine(redis, { ...first, type: 'received', data: { alarmId: event.id, latencyMs: 3 } }, opened);
  const ref = randomUUID();
  const [salt, said] = [randomUUID(), { text: `${text} (note)` }];
  await redis.set(INCIDENT_KEYS.personal(ref), JSON.stringify({ salt, said }));
  const hash = createHash('sha256').update(salt).update(JSON.stringify(said)).digest('base64url');
  const at = opened.openedAt + 1000;
  const claimed = { ...opened, version: 2, state: 'claimed', ownerId: 'u1', updatedAt: at } as const;
  const noted = { incidentId: id, type: 'note', actor: 'user:u1', at, data: {}, ref, hash };
  let position = await addLine(redis, noted, claimed);
  let incident: IncidentRecord = claimed;
  if (isClosed) {
    incident = { ...claimed, ...record, version: 3, state: 'resolved', resolution: CLOSED };
    const line = { incidentId: id, type: 'resolve', actor: 'user:u1', at: at + 1, data: { outcome: 'helped' } };
    position = await addLine(redis, line, incident);
  }
  await redis.hset(INCIDENT_KEYS.incident(id), 'v', incident.version, 'json', JSON.stringify(incident));
  await redis.zadd(INCIDENT_KEYS.allSet, incident.openedAt, id);
  if (!isClosed) await redis.zadd(INCIDENT_KEYS.openSet, incident.openedAt, id);
  return { position, incident, event, ref };
}

export async function addLine(
  redis: Redis,
  entry: Readonly<Record<string, unknown>>,
  incident: IncidentRecord | null = null,
): Promise<string> {
  const text = JSON.stringify(entry);
  const fields = incident === null ? [] : ['incident', JSON.stringify(incident)];
  const position = (await redis.xadd(INCIDENT_KEYS.log, '*', 'entry', text, ...fields)) ?? '';
  if (typeof entry['incidentId'] === 'string') {
    await redis.rpush(INCIDENT_KEYS.entries(entry['incidentId']), `${position}\n${text}`);
  }
  return position;
}

export async function addNote(redis: Redis, note: Readonly<Record<string, unknown>>): Promise<string> {
  return (await redis.xadd(REDIS_KEYS.audit, '*', 'entry', JSON.stringify(note))) ?? '';
}

/** Everything that the history keeps, for comparing; without what is random or the server's own time. */
export async function dumpTables({ rows }: Pick<HistoryWorld, 'rows'>) {
  return {
    lines: await rows('select position, entry, incident_id, ref from incident_log order by audit_seq'),
    incidents: await rows('select id, version, state, record from incidents order by id'),
    events: await rows('select id, incident_id, body from events order by id'),
    texts: await rows('select ref, incident_id, said from personal_texts order by ref'),
    kinds: await rows('select seq, kind from audit_chain order by seq'),
  };
}
