import type { Redis } from 'ioredis';
import { fromStore } from '../store-silence.ts';

/** How many entries are read at once where nothing else is asked for. */
const BATCH = 64;

/** One entry as it lies in the stream; `text` is null where the entry is gone or lacks the field. */
export type StreamEntry = { readonly id: string; readonly text: string | null };

/** A consumer's view of a group of a stream. Everything rejects while Redis does not answer. */
export type StreamGroup = {
  /** Made from `0`, so that what came before the group existed is handled too. */
  readonly ensure: () => Promise<void>;
  /** Entries that no consumer has read; waits up to `blockMs` (at least 1) for the first. */
  readonly readNew: (blockMs: number) => Promise<StreamEntry[]>;
  /** A page of what this consumer has read and not acknowledged, after an entry id; empty at the end. */
  readonly readOwnPending: (after: string) => Promise<StreamEntry[]>;
  /** Takes over a page of what other consumers have left unanswered for `idleMs`; `next` is null at the end. */
  readonly takeOver: (
    idleMs: number,
    cursor: string,
  ) => Promise<{ readonly entries: StreamEntry[]; readonly next: string | null }>;
};

export type StreamGroupOptions = {
  /** A connection of its own, because it blocks. */
  readonly reader: Redis;
  /** The one for everything else. */
  readonly redis: Redis;
  readonly stream: string;
  readonly group: string;
  /** The field of an entry that holds its JSON. */
  readonly field: string;
  readonly consumer: string;
  readonly batch?: number;
};

type RawEntry = readonly [id: string, fields: readonly string[] | null] | null;

export function createStreamGroup(options: StreamGroupOptions): StreamGroup {
  const { reader, redis, stream, group, field, consumer, batch = BATCH } = options;
  /** Redis 6.2 gives null for an entry that was trimmed before it was claimed; there is nothing left to do then. */
  const toEntries = (raw: readonly RawEntry[]): StreamEntry[] =>
    raw.flatMap((entry) => (entry === null ? [] : [{ id: entry[0], text: fieldOf(entry[1], field) }]));

  const entriesOf = (answer: unknown): StreamEntry[] => {
    const streams = answer as readonly (readonly [name: string, entries: readonly RawEntry[]])[] | null;
    return toEntries(streams?.[0]?.[1] ?? []);
  };

  return {
    ensure: async () => {
      try {
        await fromStore(redis.xgroup('CREATE', stream, group, '0', 'MKSTREAM'));
      } catch (error) {
        if (!(error instanceof Error) || !error.message.startsWith('BUSYGROUP')) throw error;
      }
    },
    readNew: async (blockMs) => {
      const block = Math.max(1, blockMs);
      const as = ['GROUP', group, consumer] as const;
      return entriesOf(
        await fromStore(reader.xreadgroup(...as, 'COUNT', batch, 'BLOCK', block, 'STREAMS', stream, '>')),
      );
    },
    readOwnPending: async (after) => {
      const as = ['GROUP', group, consumer] as const;
      return entriesOf(await fromStore(redis.xreadgroup(...as, 'COUNT', batch, 'STREAMS', stream, after)));
    },
    takeOver: async (idleMs, cursor) => {
      const answer = (await fromStore(redis.xautoclaim(stream, group, consumer, idleMs, cursor, 'COUNT', batch))) as [
        next: string,
        entries: readonly RawEntry[],
      ];
      return { entries: toEntries(answer[1]), next: answer[0] === '0-0' ? null : answer[0] };
    },
  };
}

/** Fields stand as name and value in turn. */
function fieldOf(fields: readonly string[] | null, name: string): string | null {
  for (let n = 0; n + 1 < (fields?.length ?? 0); n += 2) if (fields?.[n] === name) return fields[n + 1] ?? null;
  return null;
}
