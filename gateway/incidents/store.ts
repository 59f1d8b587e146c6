import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { AlarmEvent } from '../../devices/event.ts';
import { buildCommitRequest, COMMIT_SCRIPT, type StoredEntry, type StoredPersonal } from './commit-script.ts';
import { EMPTY_INDEX, type CommitPlan, type OpenIndex } from './commit.ts';
import type { AlarmFacts } from './facts.ts';
import { calcRepeatKey, type ClockTrust, type RepeatMark } from './identity.ts';
import { INCIDENT_KEYS } from './keys.ts';
import type { AlarmView, Held } from './plan-alarm.ts';
import { isOpen, type IncidentRecord } from './record.ts';

const SCRIPT_SHA = createHash('sha1').update(COMMIT_SCRIPT).digest('hex');

export type CommitResult =
  | { readonly kind: 'done'; readonly logIds: readonly string[] }
  | { readonly kind: 'conflict' };

/** One entry of an incident's log with its id and with what people said, unless that was erased. */
export type HydratedEntry = StoredEntry & { readonly id: string; readonly said: Readonly<Record<string, unknown>> };

export type RankedId = { readonly id: string; readonly openedAt: number };

export type IncidentStore = {
  readonly commit: (plan: CommitPlan) => Promise<CommitResult>;
  readonly loadIncident: (id: string) => Promise<IncidentRecord | null>;
  readonly loadIncidents: (ids: readonly string[]) => Promise<IncidentRecord[]>;
  readonly loadOpen: () => Promise<IncidentRecord[]>;
  readonly loadIndex: (subject: string) => Promise<Held<OpenIndex>>;
  readonly loadAlarmView: (event: AlarmEvent, facts: AlarmFacts) => Promise<AlarmView>;
  readonly loadEvents: (incidentId: string) => Promise<AlarmEvent[]>;
  readonly loadEntries: (incidentId: string) => Promise<HydratedEntry[]>;
  readonly hydrate: (entries: readonly { id: string; entry: StoredEntry }[]) => Promise<HydratedEntry[]>;
  readonly loadText: (key: string) => Promise<string | null>;
  /** Ids of all incidents, newest first, opened at `until` or earlier (epoch milliseconds; null: from the newest). */
  readonly loadIdsUntil: (until: number | null, offset: number, count: number) => Promise<RankedId[]>;
};

/** Reads and writes incidents in Redis. Every method rejects when Redis does not answer; the caller decides what that means. */
export function createIncidentStore(redis: Redis, alarmStream: string): IncidentStore {
  const sealer = {
    alarmStream,
    hash: (salt: string, text: string) => createHash('sha256').update(salt).update(text).digest('base64url'),
  };

  async function commit(plan: CommitPlan): Promise<CommitResult> {
    const { keys, argument } = buildCommitRequest(plan, sealer);
    const answer = await runScript(redis, keys, argument);
    const [word, ...rest] = answer;
    return word === 'ok' ? { kind: 'done', logIds: rest } : { kind: 'conflict' };
  }

  async function loadIncidents(ids: readonly string[]): Promise<IncidentRecord[]> {
    if (ids.length === 0) return [];
    const texts = await Promise.all(ids.map((id) => redis.hget(INCIDENT_KEYS.incident(id), 'json')));
    return texts.flatMap((text) => (text === null ? [] : [parse<IncidentRecord>(text)]));
  }

  async function loadIncident(id: string): Promise<IncidentRecord | null> {
    const [incident] = await loadIncidents([id]);
    return incident ?? null;
  }

  async function loadOpen(): Promise<IncidentRecord[]> {
    return loadIncidents(await redis.zrange(INCIDENT_KEYS.openSet, '0', '-1'));
  }

  async function loadIndex(subject: string): Promise<Held<OpenIndex>> {
    const raw = await redis.get(INCIDENT_KEYS.index(subject));
    return { raw, value: raw === null ? EMPTY_INDEX : parse<OpenIndex>(raw) };
  }

  async function loadAlarmView(event: AlarmEvent, facts: AlarmFacts): Promise<AlarmView> {
    const [seen, trustText, index] = await Promise.all([
      redis.get(INCIDENT_KEYS.seen(event.id)),
      event.deviceId === null ? null : redis.get(INCIDENT_KEYS.clock(event.deviceId)),
      loadIndex(facts.subject),
    ]);
    const trust: ClockTrust = trustText === 'proven' || trustText === 'flagged' ? trustText : null;
    const [repeat, openOfSubject] = await Promise.all([
      redis.get(INCIDENT_KEYS.repeat(calcRepeatKey(event, trust).key)),
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

  async function loadEvents(incidentId: string): Promise<AlarmEvent[]> {
    const ids = await redis.lrange(INCIDENT_KEYS.alarms(incidentId), 0, -1);
    if (ids.length === 0) return [];
    const texts = await redis.mget(ids.map((id) => INCIDENT_KEYS.event(id)));
    return texts.flatMap((text) => (text === null ? [] : [parse<AlarmEvent>(text)]));
  }

  async function hydrate(entries: readonly { id: string; entry: StoredEntry }[]): Promise<HydratedEntry[]> {
    const refs = entries.flatMap(({ entry }) => (entry.ref === undefined ? [] : [entry.ref]));
    const texts = refs.length === 0 ? [] : await redis.mget(refs.map((ref) => INCIDENT_KEYS.personal(ref)));
    const saidOf = new Map(refs.map((ref, n) => [ref, texts[n] ?? null]));
    return entries.map(({ id, entry }) => {
      const text = entry.ref === undefined ? undefined : saidOf.get(entry.ref);
      if (text === undefined) return { ...entry, id, said: {} };
      return { ...entry, id, said: text === null ? { erased: true } : parse<StoredPersonal>(text).said };
    });
  }

  async function loadEntries(incidentId: string): Promise<HydratedEntry[]> {
    const lines = await redis.lrange(INCIDENT_KEYS.entries(incidentId), 0, -1);
    return hydrate(
      lines.map((line) => {
        const cut = line.indexOf('\n');
        return { id: line.slice(0, cut), entry: parse<StoredEntry>(line.slice(cut + 1)) };
      }),
    );
  }

  async function loadIdsUntil(until: number | null, offset: number, count: number): Promise<RankedId[]> {
    const max = until === null ? '+inf' : until;
    const flat = await redis.zrevrangebyscore(INCIDENT_KEYS.allSet, max, '-inf', 'WITHSCORES', 'LIMIT', offset, count);
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
    loadAlarmView,
    loadEvents,
    loadEntries,
    hydrate,
    loadText: (key) => redis.get(key),
    loadIdsUntil,
  };
}

async function runScript(redis: Redis, keys: readonly string[], argument: string): Promise<string[]> {
  try {
    return (await redis.evalsha(SCRIPT_SHA, keys.length, ...keys, argument)) as string[];
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return (await redis.eval(COMMIT_SCRIPT, keys.length, ...keys, argument)) as string[];
  }
}

/** Our own writing, so its shape is trusted; a text that is not JSON is a fault of the store and throws. */
function parse<T>(text: string): T {
  return JSON.parse(text) as T;
}
