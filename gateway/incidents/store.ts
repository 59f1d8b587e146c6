import { createHash } from 'node:crypto';
import type { AlarmEvent } from '../../devices/event.ts';
import type { AlarmView } from './alarm-view.ts';
import type { CommitPlan } from './commit.ts';
import { buildCommitRequest, type StoredEntry, type StoredPersonal } from './commit-script.ts';
import type { AlarmFacts } from './facts.ts';
import { parseEntryLine, type EntryLine } from './entry-line.ts';
import type { Held } from './held.ts';
import { calcRepeatKey, type ClockTrust, type RepeatMark } from './identity.ts';
import { INCIDENT_KEYS } from './keys.ts';
import { EMPTY_INDEX, type OpenIndex } from './open-index.ts';
import { isOpen, type IncidentRecord } from './record.ts';
import { runCommitScript, type ScriptRedis } from './run-script.ts';
import { fromStore } from './store-silence.ts';
import type { Strangers } from './dispatch/strangers.ts';

/** How much of one incident is shown: its beginning and its end. A stuck button makes thousands; all are kept. Chosen. */
export const SHOWN_ENTRIES = { first: 100, last: 900 } as const;
export const SHOWN_ALARMS = { first: 50, last: 450 } as const;

export type CommitResult =
  | { readonly kind: 'done'; readonly logIds: readonly string[] }
  | { readonly kind: 'conflict' };

/** One entry of an incident's log with its id and with what people said, unless that was erased. */
export type HydratedEntry = StoredEntry & { readonly id: string; readonly said: Readonly<Record<string, unknown>> };

export type RankedId = { readonly id: string; readonly openedAt: number };

/**
 * Reads and writes incidents in Redis. Every method rejects with StoreSilentError when Redis does not answer or cannot now;
 * the caller decides what that means, and a commit may have been applied all the same.
 */
export type IncidentStore = {
  readonly commit: (plan: CommitPlan) => Promise<CommitResult>;
  readonly loadIncident: (id: string) => Promise<IncidentRecord | null>;
  readonly loadIncidents: (ids: readonly string[]) => Promise<IncidentRecord[]>;
  readonly loadOpen: () => Promise<IncidentRecord[]>;
  readonly loadIndex: (subject: string) => Promise<Held<OpenIndex>>;
  readonly loadStrangers: (key: string) => Promise<Held<Strangers>>;
  readonly loadAlarmView: (event: AlarmEvent, facts: AlarmFacts) => Promise<AlarmView>;
  /** The alarms of an incident in order: of very many the first and the last (SHOWN_ALARMS). */
  readonly loadEvents: (incidentId: string) => Promise<AlarmEvent[]>;
  /** The log of an incident in order: of very many entries the first and the last, with a line `omitted` between. */
  readonly loadEntries: (incidentId: string) => Promise<HydratedEntry[]>;
  readonly hydrate: (entries: readonly { id: string; entry: StoredEntry }[]) => Promise<HydratedEntry[]>;
  readonly loadText: (key: string) => Promise<string | null>;
  /** Ids of all incidents, newest first, opened at `until` or earlier (epoch milliseconds; null: from the newest). */
  readonly loadIdsUntil: (until: number | null, offset: number, count: number) => Promise<RankedId[]>;
};

/** What the store asks of Redis; the memory that stands in for it while it is away answers the same (`degraded/`). */
export type StoreRedis = ScriptRedis & {
  readonly get: (key: string) => Promise<string | null>;
  readonly mget: (keys: string[]) => Promise<(string | null)[]>;
  readonly hget: (key: string, field: string) => Promise<string | null>;
  readonly llen: (key: string) => Promise<number>;
  readonly lrange: (key: string, start: number, stop: number) => Promise<string[]>;
  readonly zrange: (key: string, start: '0', stop: '-1') => Promise<string[]>;
  readonly zrevrangebyscore: (
    key: string,
    max: number | '+inf',
    min: '-inf',
    withScores: 'WITHSCORES',
    limit: 'LIMIT',
    offset: number,
    count: number,
  ) => Promise<string[]>;
};

export function createIncidentStore(redis: StoreRedis, alarmStream: string): IncidentStore {
  const sealer = {
    alarmStream,
    hash: (salt: string, text: string) => createHash('sha256').update(salt).update(text).digest('base64url'),
  };

  async function commit(plan: CommitPlan): Promise<CommitResult> {
    const { keys, argument } = buildCommitRequest(plan, sealer);
    const answer = await fromStore(runCommitScript(redis, { keys, argument }));
    const [word, ...rest] = answer;
    return word === 'ok' ? { kind: 'done', logIds: rest } : { kind: 'conflict' };
  }

  function loadText(key: string): Promise<string | null> {
    return fromStore(redis.get(key));
  }

  async function loadTexts(keys: readonly string[]): Promise<(string | null)[]> {
    return keys.length === 0 ? [] : fromStore(redis.mget([...keys]));
  }

  async function loadIncidents(ids: readonly string[]): Promise<IncidentRecord[]> {
    const texts = await Promise.all(ids.map((id) => fromStore(redis.hget(INCIDENT_KEYS.incident(id), 'json'))));
    return texts.flatMap((text) => (text === null ? [] : [parse<IncidentRecord>(text)]));
  }

  async function loadIncident(id: string): Promise<IncidentRecord | null> {
    const [incident] = await loadIncidents([id]);
    return incident ?? null;
  }

  async function loadOpen(): Promise<IncidentRecord[]> {
    return loadIncidents(await fromStore(redis.zrange(INCIDENT_KEYS.openSet, '0', '-1')));
  }

  async function loadIndex(subject: string): Promise<Held<OpenIndex>> {
    const raw = await loadText(INCIDENT_KEYS.index(subject));
    return { raw, value: raw === null ? EMPTY_INDEX : parse<OpenIndex>(raw) };
  }

  async function loadStrangers(key: string): Promise<Held<Strangers>> {
    const raw = await loadText(key);
    return { raw, value: raw === null ? [] : parse<Strangers>(raw) };
  }

  async function loadAlarmView(event: AlarmEvent, facts: AlarmFacts): Promise<AlarmView> {
    const [seen, trustText, index] = await Promise.all([
      loadText(INCIDENT_KEYS.seen(event.id)),
      facts.deviceKey === null ? null : loadText(INCIDENT_KEYS.clock(facts.deviceKey)),
      loadIndex(facts.subject),
    ]);
    const trust: ClockTrust = trustText === 'proven' || trustText === 'flagged' ? trustText : null;
    const [repeat, openOfSubject] = await Promise.all([
      loadText(INCIDENT_KEYS.repeat(calcRepeatKey(event, trust, facts.deviceKey).key)),
      loadIncidents(index.value.open),
    ]);
    return {
      seen: { raw: seen, value: seen !== null },
      repeat: { raw: repeat, value: repeat === null ? null : parse<RepeatMark>(repeat) },
      trust: { raw: trustText, value: trust },
      index,
      openOfSubject: openOfSubject.filter(isOpen),
    };
  }

  /** The first and the last of a list; `omitted` counts what lies between, of which `before` is the last. */
  async function loadEnds(key: string, { first, last }: { readonly first: number; readonly last: number }) {
    const [length, head] = await Promise.all([fromStore(redis.llen(key)), fromStore(redis.lrange(key, 0, first - 1))]);
    const rest = Math.min(last, Math.max(0, length - head.length));
    if (rest === 0) return { head, tail: [], omitted: 0, before: undefined };
    const omitted = length - head.length - rest;
    // By position from the beginning: what is appended meanwhile shifts nothing.
    const from = head.length + omitted;
    const tail = await fromStore(redis.lrange(key, Math.max(head.length, from - 1), length - 1));
    return { head, tail: omitted === 0 ? tail : tail.slice(1), omitted, before: omitted === 0 ? undefined : tail[0] };
  }

  async function loadEvents(incidentId: string): Promise<AlarmEvent[]> {
    const { head, tail } = await loadEnds(INCIDENT_KEYS.alarms(incidentId), SHOWN_ALARMS);
    const texts = await loadTexts([...head, ...tail].map((id) => INCIDENT_KEYS.event(id)));
    return texts.flatMap((text) => (text === null ? [] : [parse<AlarmEvent>(text)]));
  }

  async function hydrate(entries: readonly { id: string; entry: StoredEntry }[]): Promise<HydratedEntry[]> {
    const refs = entries.flatMap(({ entry }) => (entry.ref === undefined ? [] : [entry.ref]));
    const texts = await loadTexts(refs.map((ref) => INCIDENT_KEYS.personal(ref)));
    const saidOf = new Map(refs.map((ref, n) => [ref, texts[n] ?? null]));
    return entries.map(({ id, entry }) => {
      const text = entry.ref === undefined ? undefined : saidOf.get(entry.ref);
      if (text === undefined) return { ...entry, id, said: {} };
      return { ...entry, id, said: text === null ? { erased: true } : parse<StoredPersonal>(text).said };
    });
  }

  async function loadEntries(incidentId: string): Promise<HydratedEntry[]> {
    const { head, tail, omitted, before } = await loadEnds(INCIDENT_KEYS.entries(incidentId), SHOWN_ENTRIES);
    const lines = [...head.map(parseEntryLine), ...(before === undefined ? [] : [gapLine(before, omitted)])];
    return hydrate([...lines, ...tail.map(parseEntryLine)]);
  }

  async function loadIdsUntil(until: number | null, offset: number, count: number): Promise<RankedId[]> {
    const max = until === null ? '+inf' : until;
    const flat = await fromStore(
      redis.zrevrangebyscore(INCIDENT_KEYS.allSet, max, '-inf', 'WITHSCORES', 'LIMIT', offset, count),
    );
    const ranked: RankedId[] = [];
    for (let n = 0; n + 1 < flat.length; n += 2) ranked.push({ id: flat[n] ?? '', openedAt: Number(flat[n + 1]) });
    return ranked;
  }

  return {
    commit,
    loadIncident,
    loadIncidents,
    loadOpen,
    loadIndex,
    loadStrangers,
    loadAlarmView,
    loadEvents,
    loadEntries,
    hydrate,
    loadText,
    loadIdsUntil,
  };
}

/** Stands for entries that are kept and not shown; it has the id and time of the last of them. */
function gapLine(last: string, omitted: number): EntryLine {
  const { id, entry } = parseEntryLine(last);
  const { incidentId, at } = entry;
  return { id, entry: { incidentId, at, type: 'omitted', actor: 'system', data: { entries: omitted } } };
}

/** Our own writing, so its shape is trusted; a text that is not JSON is a fault of the store and throws. */
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}
