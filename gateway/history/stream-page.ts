import type { Redis } from 'ioredis';
import { fromStore } from '../incidents/store-silence.ts';
import { REDIS_KEYS } from '../store/keys.ts';

export type StreamEntry = { readonly position: string; readonly fields: Readonly<Record<string, string>> };

/** A look at a stream, taken at one moment. */
export type StreamPage = {
  /** The name of this life of Redis' data; null before the gateway has named it. */
  readonly lineage: string | null;
  /** The newest position that the stream ever gave; `0-0` for none. */
  readonly newest: string;
  readonly entries: readonly StreamEntry[];
};

/** All three in one script: a server that is replaced between two questions cannot mix two lives. */
const PAGE_SCRIPT = `
local newest = '0-0'
if redis.call('EXISTS', KEYS[2]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[2])
  for n = 1, #info, 2 do if info[n] == 'last-generated-id' then newest = info[n + 1] end end
end
return {redis.call('GET', KEYS[1]), newest, redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2])}
`;

type Answer = [lineage: string | null, newest: string, entries: [position: string, fields: string[]][]];

/** Entries after `after`, at most `count`. @throws StoreSilentError */
export async function loadStreamPage(redis: Redis, stream: string, after: string, count: number): Promise<StreamPage> {
  const answer = (await fromStore(
    redis.eval(PAGE_SCRIPT, 2, REDIS_KEYS.lineage, stream, after === '0-0' ? '-' : `(${after}`, count),
  )) as Answer;
  const [lineage, newest, entries] = answer;
  return {
    lineage,
    newest,
    entries: entries.map(([position, fields]) => ({ position, fields: toFields(fields) })),
  };
}

/** Texts under keys, in their order; null where there is none. @throws StoreSilentError */
export async function loadKeyTexts(redis: Redis, keys: readonly string[]): Promise<(string | null)[]> {
  return keys.length === 0 ? [] : fromStore(redis.mget([...keys]));
}

function toFields(flat: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let n = 0; n + 1 < flat.length; n += 2) fields[flat[n] ?? ''] = flat[n + 1] ?? '';
  return fields;
}
