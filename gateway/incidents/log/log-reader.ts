import type { Redis } from 'ioredis';
import type { StoredEntry } from '../commit-script.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { comparePositions, LOG_START, type LogPosition } from './log-position.ts';
import type { IncidentRecord } from '../record.ts';
import { fromStore } from '../store-silence.ts';
import type { HydratedEntry, IncidentStore } from '../store.ts';

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
  /** Entries after this position are all kept; LOG_START while nothing was trimmed. */
  readonly keptFrom: () => Promise<LogPosition>;
  /** Whether this log gave the position. False: the log was lost, set back or replaced since, or never had it. */
  readonly holds: (position: LogPosition) => Promise<boolean>;
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
      entry: parseOrNull<StoredEntry>(fieldOf(fields, 'entry')) ?? unreadable(id),
      incident: parseOrNull<IncidentRecord>(fieldOf(fields, 'incident')),
    }));
    const entries = await store.hydrate(parsed);
    return parsed.map(({ id, incident }, n) => {
      const entry = entries[n];
      if (entry === undefined) throw new Error('a log entry was lost while it was filled in');
      return { id, entry, incident };
    });
  }

  async function loadExtent(): Promise<{ readonly newest: LogPosition; readonly keptFrom: LogPosition }> {
    try {
      return readExtent(await fromStore(redis.xinfo('STREAM', INCIDENT_KEYS.log)));
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('no such key')) throw error;
      return { newest: LOG_START, keptFrom: LOG_START };
    }
  }

  return {
    readAfter: async (after, blockMs) => {
      const answer = (await fromStore(
        blocking.xread('COUNT', BATCH, 'BLOCK', blockMs, 'STREAMS', INCIDENT_KEYS.log, after),
      )) as readonly (readonly [string, readonly RawItem[]])[] | null;
      return toItems(answer?.[0]?.[1] ?? []);
    },
    page: async (after, count) =>
      toItems(await fromStore(redis.xrange(INCIDENT_KEYS.log, `(${after}`, '+', 'COUNT', count))),
    newest: async () => (await loadExtent()).newest,
    keptFrom: async () => (await loadExtent()).keptFrom,
    holds: async (position) => {
      const { newest, keptFrom } = await loadExtent();
      if (position === newest || position === LOG_START) return true;
      if (comparePositions(position, newest) > 0) return false;
      // What was trimmed cannot be asked for any more.
      if (comparePositions(position, keptFrom) < 0) return true;
      return (await fromStore(redis.xrange(INCIDENT_KEYS.log, position, position, 'COUNT', 1))).length === 1;
    },
  };
}

/**
 * XINFO STREAM answers with names and values in turn. A trim leaves `max-deleted-entry-id` as it was (seen with Redis 7.0),
 * so what is gone shows in the count of entries ever added, which servers before 7.0 do not tell: there, and whenever
 * something is gone, only what follows the first entry is surely whole.
 */
function readExtent(info: unknown): { readonly newest: LogPosition; readonly keptFrom: LogPosition } {
  const told = new Map<unknown, unknown>();
  if (Array.isArray(info)) for (let n = 0; n + 1 < info.length; n += 2) told.set(info[n], info[n + 1]);
  const last: unknown = told.get('last-generated-id');
  const newest = (typeof last === 'string' ? last : LOG_START) as LogPosition;
  const first: unknown = told.get('first-entry');
  const isWhole = told.get('entries-added') !== undefined && told.get('entries-added') === told.get('length');
  if (isWhole) return { newest, keptFrom: LOG_START };
  return { newest, keptFrom: Array.isArray(first) ? (String(first[0]) as LogPosition) : newest };
}

function fieldOf(fields: readonly string[], name: string): string | null {
  for (let n = 0; n + 1 < fields.length; n += 2) if (fields[n] === name) return fields[n + 1] ?? null;
  return null;
}

/** A line that nobody can read must not stop the lines after it. */
function unreadable(id: string): StoredEntry {
  return { incidentId: null, type: 'unreadable', actor: 'system', at: Number(id.split('-')[0]), data: {} };
}

function parseOrNull<T extends object>(text: string | null): T | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as T) : null;
  } catch {
    return null;
  }
}
