import type { Redis } from 'ioredis';
import type { Pool } from 'pg';
import { INCIDENT_KEYS } from '../incidents/keys.ts';
import { comparePositions } from '../incidents/log/log-position.ts';
import { fromStore } from '../incidents/store-silence.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { loadCursors } from './follow-stream.ts';
import { alarmIdsOf, readLogLine } from './log-line.ts';
import { loadStreamPage } from './stream-page.ts';

const PAGE = 500;

/** Below the limit, and only while Redis' data is what the limit was made for. */
const TRIM_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('XTRIM', KEYS[2], 'MINID', ARGV[2])
`;

/** What may go of a stream: what Postgres has, and is older than the age. Null: nothing, because nobody has read it yet. */
export async function findTrimLimit(
  { pool, redis }: { readonly pool: Pool; readonly redis: Redis },
  stream: string,
  keepMs: number,
): Promise<{ readonly lineage: string; readonly limit: string; readonly cursor: string } | null> {
  const { lineage, newest } = await loadStreamPage(redis, stream, '0-0', 1);
  const cursor = lineage === null ? undefined : (await loadCursors(pool, stream)).get(lineage);
  // A cursor beyond the newest entry belongs to data that are gone.
  if (lineage === null || cursor === undefined || comparePositions(cursor, newest) > 0) return null;
  const old = `${Math.max(0, (await loadRedisMs(redis)) - keepMs)}-0`;
  return { lineage, cursor, limit: comparePositions(old, cursor) < 0 ? old : cursor };
}

/** Redis' own clock made the positions. */
export async function loadRedisMs(redis: Redis): Promise<number> {
  const [seconds, micros] = await fromStore(redis.time());
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

/** Trims a stream below the history's cursor and the age; answers how many entries went. */
export async function trimStream(
  deps: { readonly pool: Pool; readonly redis: Redis },
  stream: string,
  keepMs: number,
): Promise<number> {
  const found = await findTrimLimit(deps, stream, keepMs);
  if (found === null) return 0;
  const { redis } = deps;
  if (stream === INCIDENT_KEYS.log) await removeLooseTexts(redis, found.limit);
  const { lineage, limit } = found;
  return Number(await fromStore(redis.eval(TRIM_SCRIPT, 2, REDIS_KEYS.lineage, stream, lineage, limit)));
}

/** What lies beside lines of no incident (tests, cancels of nothing) goes before its line, so that none is forgotten. */
async function removeLooseTexts(redis: Redis, limit: string): Promise<void> {
  let after = '0-0';
  for (;;) {
    const { entries } = await loadStreamPage(redis, INCIDENT_KEYS.log, after, PAGE);
    const old = entries.filter(({ position }) => comparePositions(position, limit) < 0);
    const loose = old.map(readLogLine).filter(({ entry }) => entry.incidentId === null);
    const keys = loose.flatMap(({ entry }) => [
      ...alarmIdsOf(entry).map((id) => INCIDENT_KEYS.event(id)),
      ...(entry.ref === undefined ? [] : [INCIDENT_KEYS.personal(entry.ref)]),
    ]);
    if (keys.length > 0) await fromStore(redis.unlink(...keys));
    after = old.at(-1)?.position ?? limit;
    if (old.length < PAGE) return;
  }
}
