import type { Redis } from 'ioredis';
import type { StoredEntry } from './commit-script.ts';
import { INCIDENT_KEYS } from './keys.ts';
import { LOG_START, type LogPosition } from './log-position.ts';
import type { IncidentRecord } from './record.ts';
import type { HydratedEntry, IncidentStore } from './store.ts';

/** One line of the log as the feed and every other reader gets it; `incident` is null for what opened nothing. */
export type LogItem = {
  readonly id: LogPosition;
  readonly entry: HydratedEntry;
  readonly incident: IncidentRecord | null;
};

type RawItem = readonly [id: string, fields: readonly string[]];

export type LogReader = {
  /** Waits up to `blockMs` for entries after `after`. */
  readonly readAfter: (after: LogPosition, blockMs: number) => Promise<LogItem[]>;
  /** Entries after `after`, at most `count`, without waiting. */
  readonly page: (after: LogPosition, count: number) => Promise<LogItem[]>;
  readonly newest: () => Promise<LogPosition>;
  /** The position below which entries were trimmed; LOG_START while all are kept. */
  readonly keptFrom: () => Promise<LogPosition>;
};

const BATCH = 500;

/** `blocking` is a connection of its own for waiting reads; `redis` for everything else. */
export function createLogReader(deps: {
  readonly blocking: Redis;
  readonly redis: Redis;
  readonly store: Pick<IncidentStore, 'hydrate'>;
}): LogReader {
  const { blocking, redis, store } = deps;

  async function toItems(raw: readonly RawItem[]): Promise<LogItem[]> {
    const parsed = raw.map(([id, fields]) => ({
      id: id as LogPosition,
      entry: JSON.parse(fieldOf(fields, 'entry') ?? '{}') as StoredEntry,
      incident: parseIncident(fieldOf(fields, 'incident')),
    }));
    const entries = await store.hydrate(parsed);
    return parsed.map(({ id, incident }, n) => {
      const entry = entries[n];
      if (entry === undefined) throw new Error('a log entry was lost while it was filled in');
      return { id, entry, incident };
    });
  }

  return {
    readAfter: async (after, blockMs) => {
      const answer = (await blocking.xread('COUNT', BATCH, 'BLOCK', blockMs, 'STREAMS', INCIDENT_KEYS.log, after)) as
        | readonly (readonly [string, readonly RawItem[]])[]
        | null;
      return toItems(answer?.[0]?.[1] ?? []);
    },
    page: async (after, count) =>
      toItems((await redis.xrange(INCIDENT_KEYS.log, `(${after}`, '+', 'COUNT', count)) as RawItem[]),
    newest: async () => {
      const [last] = (await redis.xrevrange(INCIDENT_KEYS.log, '+', '-', 'COUNT', 1)) as RawItem[];
      return (last?.[0] ?? LOG_START) as LogPosition;
    },
    keptFrom: async () => {
      if ((await redis.exists(INCIDENT_KEYS.log)) === 0) return LOG_START;
      const info = (await redis.xinfo('STREAM', INCIDENT_KEYS.log)) as readonly unknown[];
      const at = info.indexOf('max-deleted-entry-id');
      return (at === -1 ? LOG_START : String(info[at + 1])) as LogPosition;
    },
  };
}

function fieldOf(fields: readonly string[], name: string): string | null {
  const at = fields.indexOf(name);
  return at === -1 ? null : (fields[at + 1] ?? null);
}

function parseIncident(text: string | null): IncidentRecord | null {
  return text === null ? null : (JSON.parse(text) as IncidentRecord);
}
