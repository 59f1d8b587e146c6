import type { Redis } from 'ioredis';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { Held } from '../incidents/held.ts';
import { fromStore } from '../incidents/store-silence.ts';
import { createStreamGroup, type StreamGroup } from '../incidents/dispatch/stream-group.ts';
import { REDIS_KEYS } from '../store/keys.ts';
import { notificationKey, type NotificationState } from './note.ts';

/** Read at once, and soon: behind a flood of others lies somebody more urgent. */
const BATCH = 500;

/** The one consumer group of `{zj}:outbox`. */
export const NOTIFY_GROUP = 'notify';

/**
 * Says again that this consumer works on its entries, so that nobody takes them over. Answers for each: 1 it is ours, 0
 * somebody else has it, -1 it is not pending (done, or gone with all that Redis held).
 */
const HOLD_SCRIPT = `
local answer = {}
for n = 3, #ARGV do
  local found = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[n], ARGV[n], 1)[1]
  if not found then
    answer[#answer + 1] = -1
  elseif found[2] ~= ARGV[2] then
    answer[#answer + 1] = 0
  else
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[n], 'JUSTID')
    answer[#answer + 1] = 1
  end
end
return answer
`;

/** What lies in the outbox and what is known of it. Everything rejects with StoreSilentError while Redis does not answer. */
export type Outbox = StreamGroup & {
  /** The ids among these that another consumer has taken over. */
  readonly hold: (streamIds: readonly string[]) => Promise<string[]>;
  /** It needs no more work. */
  readonly settle: (streamId: string) => Promise<void>;
  readonly loadState: (notificationId: string) => Promise<Held<NotificationState | null>>;
};

/** `reader` is a connection of its own, because it blocks; `redis` is the one for everything else. */
export function createOutbox(deps: {
  readonly reader: Redis;
  readonly redis: Redis;
  readonly consumer: string;
}): Outbox {
  const { reader, redis, consumer } = deps;
  const stream = REDIS_KEYS.outbox;
  return {
    ...createStreamGroup({ reader, redis, stream, group: NOTIFY_GROUP, field: 'notification', consumer, batch: BATCH }),
    hold: async (streamIds) => {
      if (streamIds.length === 0) return [];
      const answer = (await fromStore(
        redis.eval(HOLD_SCRIPT, 1, stream, NOTIFY_GROUP, consumer, ...streamIds),
      )) as number[];
      return streamIds.filter((_, n) => answer[n] === 0);
    },
    settle: async (streamId) => {
      await fromStore(redis.xack(stream, NOTIFY_GROUP, streamId));
      await fromStore(redis.xdel(stream, streamId));
    },
    loadState: async (notificationId) => {
      const raw = await fromStore(redis.get(notificationKey(notificationId)));
      return { raw, value: raw === null ? null : (JSON.parse(raw) as NotificationState) };
    },
  };
}

/** Null where it is none: nobody can be told then. */
export function parseDraft(text: string | null): NotificationDraft | null {
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as NotificationDraft | null;
    const isWhole =
      typeof draft?.id === 'string' && typeof draft.incidentId === 'string' && typeof draft.to?.id === 'string';
    return isWhole ? draft : null;
  } catch {
    return null;
  }
}
