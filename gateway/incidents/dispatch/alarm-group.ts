import type { Redis } from 'ioredis';
import { DISPATCH_GROUP, INCIDENT_KEYS } from '../keys.ts';
import { PENDING_SCRIPT, TAKE_OVER_SCRIPT } from './pending-scripts.ts';
import { fromStore } from '../store-silence.ts';
import { createStreamGroup, type StreamEntry, type StreamGroup } from './stream-group.ts';

/** How many entries are read at once. */
const BATCH = 64;
/** Longer than an entry may lie in a stream before it is decided: what was counted of it is then forgotten. Chosen. */
const TRIES_TTL_S = 8 * 24 * 60 * 60;

/** One alarm as it lies in the stream; `text` is null where the entry is gone or holds no event. */
export type AlarmEntry = StreamEntry & {
  /** How many processes have had it in hand, this one included. */
  readonly deliveries: number;
};

/** The dispatch group's view of `{zj}:alarms`. Everything rejects while Redis does not answer. */
export type AlarmGroup = Pick<StreamGroup, 'ensure'> & {
  /** Entries that no consumer has read; waits up to `blockMs` (at least 1) for the first. */
  readonly readNew: (blockMs: number) => Promise<AlarmEntry[]>;
  /** A page of what this consumer has read and not acknowledged, after an entry id; empty at the end. */
  readonly readPending: (after: string) => Promise<AlarmEntry[]>;
  /** The same for the first time in the life of a process: it counts as a delivery. */
  readonly readPendingAnew: (after: string) => Promise<AlarmEntry[]>;
  /**
   * Takes over a page of what consumers have left that have been silent for `idleMs`; empty when there is no more. Whoever
   * asks is not silent.
   */
  readonly takeOver: (idleMs: number) => Promise<AlarmEntry[]>;
  /** Writes down that an entry is tried, before it is; answers how often that was written, this time included. */
  readonly countTry: (id: string) => Promise<number>;
  /** It was no fault of the entry, or it is decided. */
  readonly forgetTries: (ids: readonly string[]) => Promise<void>;
  /** Removes entries that every group has answered and that are older than `minAgeMs`; gives their number. */
  readonly trim: (minAgeMs: number) => Promise<number>;
};

/**
 * What every group has read and acknowledged may go: everything below the first pending entry and below the last one that
 * was delivered. One script, so that it holds whatever other gateways do meanwhile. Without a group nothing goes.
 */
const TRIM_SCRIPT = `
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local function before(a, b)
  local aMs, aSeq = string.match(a, '^(%d+)-(%d+)$')
  local bMs, bSeq = string.match(b, '^(%d+)-(%d+)$')
  if aMs ~= bMs then return tonumber(aMs) < tonumber(bMs) end
  return tonumber(aSeq) < tonumber(bSeq)
end
local groups = redis.call('XINFO', 'GROUPS', KEYS[1])
if #groups == 0 then return 0 end
local time = redis.call('TIME')
local oldest = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000) - tonumber(ARGV[1])
local limit = string.format('%.0f-0', math.max(0, oldest))
for _, group in ipairs(groups) do
  local name, delivered
  for n = 1, #group, 2 do
    if group[n] == 'name' then name = group[n + 1] end
    if group[n] == 'last-delivered-id' then delivered = group[n + 1] end
  end
  if before(delivered, limit) then limit = delivered end
  local pending = redis.call('XPENDING', KEYS[1], name)
  if pending[1] > 0 and before(pending[2], limit) then limit = pending[2] end
end
return redis.call('XTRIM', KEYS[1], 'MINID', limit)
`;

type RawPending = readonly [id: string, text: string | null, deliveries: number];

/** `reader` is a connection of its own, because it blocks; `redis` is the one for everything else. */
export function createAlarmGroup(deps: {
  readonly reader: Redis;
  readonly redis: Redis;
  readonly alarmStream: string;
  readonly consumer: string;
}): AlarmGroup {
  const { reader, redis, alarmStream, consumer } = deps;
  const field = 'event';
  const { ensure, readNew } = createStreamGroup({
    ...{ reader, redis, field, consumer },
    stream: alarmStream,
    group: DISPATCH_GROUP,
  });

  async function readPage(script: string, ...args: (string | number)[]): Promise<AlarmEntry[]> {
    const answer = await fromStore(redis.eval(script, 1, alarmStream, DISPATCH_GROUP, consumer, field, ...args));
    return (answer as RawPending[]).map(([id, text, deliveries]) => ({ id, text, deliveries }));
  }

  return {
    ensure,
    readNew: async (blockMs) => (await readNew(blockMs)).map((entry) => ({ ...entry, deliveries: 1 })),
    readPending: (after) => readPage(PENDING_SCRIPT, after, BATCH, 'read'),
    readPendingAnew: (after) => readPage(PENDING_SCRIPT, after, BATCH, 'count'),
    takeOver: (idleMs) => readPage(TAKE_OVER_SCRIPT, idleMs, BATCH),
    countTry: async (id) => {
      const tries = await fromStore(redis.hincrby(INCIDENT_KEYS.tries, id, 1));
      await fromStore(redis.expire(INCIDENT_KEYS.tries, TRIES_TTL_S));
      return tries;
    },
    forgetTries: async (ids) => {
      if (ids.length > 0) await fromStore(redis.hdel(INCIDENT_KEYS.tries, ...ids));
    },
    trim: async (minAgeMs) => Number(await fromStore(redis.eval(TRIM_SCRIPT, 1, alarmStream, minAgeMs))),
  };
}
