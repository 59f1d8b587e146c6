import type { Redis } from 'ioredis';
import { DISPATCH_GROUP } from './keys.ts';
import { fromStore } from './store-silence.ts';

/** How many entries are read at once. */
const BATCH = 64;

/** One alarm as it lies in the stream; `text` is null where the entry is gone or holds no event. */
export type AlarmEntry = { readonly id: string; readonly text: string | null };

/** The dispatch group's view of `{zj}:alarms`. Everything rejects while Redis does not answer. */
export type AlarmGroup = {
  /** Made from `0`, so that what came before the group existed is dispatched too. */
  readonly ensure: () => Promise<void>;
  /** Entries that no consumer has read; waits up to `blockMs` (at least 1) for the first. */
  readonly readNew: (blockMs: number) => Promise<AlarmEntry[]>;
  /** A page of what this consumer has read and not acknowledged, after an entry id; empty at the end. */
  readonly readOwnPending: (after: string) => Promise<AlarmEntry[]>;
  /** Takes over a page of what other consumers have left unanswered for `idleMs`; `next` is null at the end. */
  readonly takeOver: (
    idleMs: number,
    cursor: string,
  ) => Promise<{ readonly entries: AlarmEntry[]; readonly next: string | null }>;
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

type RawEntry = readonly [id: string, fields: readonly string[] | null] | null;

/** `reader` is a connection of its own, because it blocks; `redis` is the one for everything else. */
export function createAlarmGroup(deps: {
  readonly reader: Redis;
  readonly redis: Redis;
  readonly alarmStream: string;
  readonly consumer: string;
}): AlarmGroup {
  const { reader, redis, alarmStream, consumer } = deps;

  return {
    ensure: async () => {
      try {
        await fromStore(redis.xgroup('CREATE', alarmStream, DISPATCH_GROUP, '0', 'MKSTREAM'));
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
      }
    },
    readNew: async (blockMs) => {
      const group = ['GROUP', DISPATCH_GROUP, consumer] as const;
      const answer = await fromStore(
        reader.xreadgroup(...group, 'COUNT', BATCH, 'BLOCK', Math.max(1, blockMs), 'STREAMS', alarmStream, '>'),
      );
      return entriesOfStream(answer);
    },
    readOwnPending: async (after) => {
      const group = ['GROUP', DISPATCH_GROUP, consumer] as const;
      return entriesOfStream(
        await fromStore(redis.xreadgroup(...group, 'COUNT', BATCH, 'STREAMS', alarmStream, after)),
      );
    },
    takeOver: async (idleMs, cursor) => {
      const answer = (await fromStore(
        redis.xautoclaim(alarmStream, DISPATCH_GROUP, consumer, idleMs, cursor, 'COUNT', BATCH),
      )) as [next: string, entries: readonly RawEntry[]];
      return { entries: toEntries(answer[1]), next: answer[0] === '0-0' ? null : answer[0] };
    },
    trim: async (minAgeMs) => Number(await fromStore(redis.eval(TRIM_SCRIPT, 1, alarmStream, minAgeMs))),
  };
}

function entriesOfStream(answer: unknown): AlarmEntry[] {
  const streams = answer as readonly (readonly [name: string, entries: readonly RawEntry[]])[] | null;
  return toEntries(streams?.[0]?.[1] ?? []);
}

/** Redis 6.2 gives null for an entry that was trimmed before it was claimed; there is nothing left to decide then. */
function toEntries(raw: readonly RawEntry[]): AlarmEntry[] {
  return raw.flatMap((entry) => (entry === null ? [] : [{ id: entry[0], text: fieldOf(entry[1], 'event') }]));
}

/** Fields stand as name and value in turn. */
function fieldOf(fields: readonly string[] | null, name: string): string | null {
  for (let n = 0; n + 1 < (fields?.length ?? 0); n += 2) if (fields?.[n] === name) return fields[n + 1] ?? null;
  return null;
}
