import type { Redis } from 'ioredis';
import { DISPATCH_GROUP, INCIDENT_KEYS } from './keys.ts';
import type { OpenIndex } from './open-index.ts';
import { fromStore } from './store-silence.ts';

/** What the auditor reads of Redis beside the records. Everything rejects with StoreSilentError while it is away. */
export type AuditReads = {
  /** Every id in the store's list of open incidents. */
  readonly openIds: () => Promise<readonly string[]>;
  /** `count` ids of all incidents, open or not, newest first, from a rank on; fewer at the end. */
  readonly someIds: (from: number, count: number) => Promise<readonly string[]>;
  /** The ids in the open-index, by subject. */
  readonly indexOf: (subjects: readonly string[]) => Promise<Map<string, readonly string[]>>;
  /** The oldest entry of the alarm stream that dispatch has not answered: never read, or read and pending. */
  readonly oldestUndispatched: () => Promise<string | null>;
};

/** One script, so that nothing is read and answered between its two looks. */
const OLDEST_SCRIPT = `
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local after = '0-0'
local pending
for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local name, delivered
  for n = 1, #group, 2 do
    if group[n] == 'name' then name = group[n + 1] end
    if group[n] == 'last-delivered-id' then delivered = group[n + 1] end
  end
  if name == ARGV[1] then
    after = delivered
    local summary = redis.call('XPENDING', KEYS[1], name)
    if summary[1] > 0 then pending = summary[2] end
  end
end
if pending then return pending end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], after, '+', 'COUNT', 2)) do
  if entry[1] ~= after then return entry[1] end
end
return false
`;

export function createAuditReads(redis: Redis, alarmStream: string): AuditReads {
  return {
    openIds: () => fromStore(redis.zrange(INCIDENT_KEYS.openSet, '0', '-1')),
    someIds: (from, count) => fromStore(redis.zrevrange(INCIDENT_KEYS.allSet, from, from + count - 1)),
    indexOf: async (subjects) => {
      if (subjects.length === 0) return new Map();
      const texts = await fromStore(redis.mget(subjects.map((subject) => INCIDENT_KEYS.index(subject))));
      return new Map(
        subjects.map((subject, n) => {
          const text = texts[n] ?? null;
          return [subject, text === null ? [] : (JSON.parse(text) as OpenIndex).open];
        }),
      );
    },
    oldestUndispatched: async () => {
      const id: unknown = await fromStore(redis.eval(OLDEST_SCRIPT, 1, alarmStream, DISPATCH_GROUP));
      return typeof id === 'string' ? id : null;
    },
  };
}
