import type { Redis } from 'ioredis';
import { DISPATCH_GROUP } from './keys.ts';
import { fromStore } from './store-silence.ts';
import { createStreamGroup, type StreamEntry, type StreamGroup } from './stream-group.ts';

/** One alarm as it lies in the stream; `text` is null where the entry is gone or holds no event. */
export type AlarmEntry = StreamEntry;

/** The dispatch group's view of `{zj}:alarms`. Everything rejects while Redis does not answer. */
export type AlarmGroup = StreamGroup & {
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

/** `reader` is a connection of its own, because it blocks; `redis` is the one for everything else. */
export function createAlarmGroup(deps: {
  readonly reader: Redis;
  readonly redis: Redis;
  readonly alarmStream: string;
  readonly consumer: string;
}): AlarmGroup {
  const { reader, redis, alarmStream, consumer } = deps;
  return {
    ...createStreamGroup({ reader, redis, stream: alarmStream, group: DISPATCH_GROUP, field: 'event', consumer }),
    trim: async (minAgeMs) => Number(await fromStore(redis.eval(TRIM_SCRIPT, 1, alarmStream, minAgeMs))),
  };
}
