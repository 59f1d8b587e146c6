import type { CommitRequest } from '../commit-script.ts';
import type { StoreRedis } from '../store.ts';
import type { Keyspace } from './keyspace.ts';

/**
 * Answers the incident store from memory as Redis would. `commit` takes the place of the script; every read rejects with
 * whatever `check` throws.
 */
export function createLocalRedis(deps: {
  /** The keys as they are now. @throws while this memory does not count */
  readonly space: () => Keyspace;
  readonly commit: (request: CommitRequest) => Promise<string[]>;
  readonly nowMs: () => number;
}): StoreRedis {
  const { space, nowMs } = deps;
  const text = (key: string): string | null => space().text(key, nowMs());
  const run = (keyCount: number, rest: readonly string[]): Promise<string[]> =>
    deps.commit({ keys: rest.slice(0, keyCount), argument: rest[keyCount] ?? '' });

  return {
    get: async (key) => text(key),
    mget: async (keys) => keys.map(text),
    hget: async (key, field) => {
      const held = space().incident(key);
      return (field === 'v' ? held?.version : held?.json) ?? null;
    },
    llen: async (key) => space().list(key).length,
    lrange: async (key, start, stop) => rangeOf(space().list(key), start, stop),
    zrange: async (key) =>
      space()
        .ranked(key)
        .map(([member]) => member),
    zrevrangebyscore: async (key, max, _min, _withScores, _limit, offset, count) =>
      space()
        .ranked(key)
        .toReversed()
        .filter(([, score]) => max === '+inf' || score <= max)
        .slice(offset, offset + count)
        .flatMap(([member, score]) => [member, String(score)]),
    evalsha: (_sha, keyCount, ...rest) => run(keyCount, rest),
    eval: (_script, keyCount, ...rest) => run(keyCount, rest),
  };
}

/** Both ends count, and a negative one counts from the end. */
function rangeOf(values: readonly string[], start: number, stop: number): string[] {
  const end = stop < 0 ? values.length + stop : stop;
  return values.slice(start < 0 ? Math.max(0, values.length + start) : start, end + 1);
}
