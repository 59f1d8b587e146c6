import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import type { StoredEntry } from '../incidents/commit-script.ts';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { comparePositions } from '../incidents/log/log-position.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import { fromStore } from '../incidents/store-silence.ts';
import { queryRows } from '../store/postgres.ts';
import { parseObject } from './log-line.ts';
import { findTrimLimit, loadRedisMs } from './trim-streams.ts';

const PAGE = 200;
/** Alarms that a case was merged with or split from may be listed with another that is still open; chosen. */
const SHARED_KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Removes one closed incident with its lists and texts, unless it moved since it was looked at.
 * KEYS: incident, log, alarms, all-set, then the keys beside it. ARGV: version, length of the log, id, milliseconds that
 * shared keys stay ('' : they go at once).
 */
const REMOVE_SCRIPT = `
if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] or redis.call('LLEN', KEYS[2]) ~= tonumber(ARGV[2]) then return 0 end
for n = 5, #KEYS do
  if ARGV[4] == '' then redis.call('UNLINK', KEYS[n]) else redis.call('PEXPIRE', KEYS[n], ARGV[4]) end
end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3])
redis.call('ZREM', KEYS[4], ARGV[3])
return 1
`;

type Deps = { readonly pool: Pool; readonly redis: Redis };

/**
 * Takes incidents that have been closed for `keepMs` out of Redis, once Postgres has their newest version and their last
 * line. Answers how many. Without a cursor of the history nothing goes.
 */
export async function trimIncidents(deps: Deps, keepMs: number): Promise<number> {
  const { redis } = deps;
  const found = await findTrimLimit(deps, INCIDENT_KEYS.log, keepMs);
  if (found === null) return 0;
  const beforeMs = (await loadRedisMs(redis)) - keepMs;
  let removed = 0;
  for (let offset = 0; ;) {
    const ids = await fromStore(redis.zrangebyscore(INCIDENT_KEYS.allSet, '-inf', beforeMs, 'LIMIT', offset, PAGE));
    const versions = await loadVersions(deps.pool, ids);
    let stayed = 0;
    for (const id of ids) {
      const isGone = await removeIncident(redis, id, versions.get(id) ?? 0, beforeMs, found.cursor);
      if (isGone) removed += 1;
      else stayed += 1;
    }
    if (ids.length < PAGE) return removed;
    offset += stayed;
  }
}

async function loadVersions(pool: Pool, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await queryRows<{ id: string; version: number }>(
    pool,
    'find kept incidents',
    'select id, version from incidents where id = any($1)',
    [ids],
  );
  return new Map(rows.map(({ id, version }) => [id, version]));
}

async function removeIncident(
  redis: Redis,
  id: string,
  keptVersion: number,
  beforeMs: number,
  cursor: string,
): Promise<boolean> {
  const [version, json] = await fromStore(redis.hmget(INCIDENT_KEYS.incident(id), 'v', 'json'));
  const record = parseObject(json ?? '') as IncidentRecord | null;
  if (record === null || version == null || record.state !== 'resolved') return false;
  if (record.updatedAt > beforeMs || (record.resolution?.at ?? record.updatedAt) > beforeMs) return false;
  if (keptVersion < record.version) return false;
  const [log, alarms] = await Promise.all([
    fromStore(redis.lrange(INCIDENT_KEYS.entries(id), 0, -1)),
    fromStore(redis.lrange(INCIDENT_KEYS.alarms(id), 0, -1)),
  ]);
  const lines = log.map(readListed);
  if (lines.some(({ position, entry }) => comparePositions(position, cursor) > 0 || entry.at > beforeMs)) return false;
  const isShared = lines.some(({ entry }) => entry.type === 'merge' || entry.type === 'split');
  const refs = lines.flatMap(({ entry }) => (entry.ref === undefined ? [] : [INCIDENT_KEYS.personal(entry.ref)]));
  const keys = [
    INCIDENT_KEYS.incident(id),
    INCIDENT_KEYS.entries(id),
    INCIDENT_KEYS.alarms(id),
    INCIDENT_KEYS.allSet,
    ...refs,
    ...alarms.map((alarmId) => INCIDENT_KEYS.event(alarmId)),
  ];
  const stays = isShared ? String(SHARED_KEPT_MS) : '';
  return Number(await fromStore(redis.eval(REMOVE_SCRIPT, keys.length, ...keys, version, log.length, id, stays))) === 1;
}

/** `<log id>\n<entry json>`; a line that nobody can read keeps its incident. */
function readListed(line: string): { readonly position: string; readonly entry: StoredEntry } {
  const cut = line.indexOf('\n');
  const entry = parseObject(line.slice(cut + 1)) as StoredEntry | null;
  if (entry === null) throw new Error('a line of an incident cannot be read');
  return { position: line.slice(0, cut), entry };
}
