import type { Logger } from 'pino';
import type { AlarmEvent } from '../../../devices/event.ts';
import type { Clock } from '../../clock.ts';
import { REDIS_KEYS } from '../../store/keys.ts';
import { keepEvent, NO_INCIDENT } from '../alarm-marks.ts';
import type { CommitPlan } from '../commit.ts';
import type { StoredEntry } from '../commit-script.ts';
import { MARK_TTL_MS } from '../identity.ts';
import { INCIDENT_KEYS } from '../keys.ts';
import { comparePositions } from '../log/log-position.ts';
import { parseEntryLine } from '../entry-line.ts';
import { indexTtlMs, type OpenIndex } from '../open-index.ts';
import type { LogItem } from '../log/log-reader.ts';
import { isOpen, subjectsOf, type IncidentRecord } from '../record.ts';
import { faultWord, fromStore } from '../store-silence.ts';
import type { StoreRedis } from '../store.ts';
import type { Keyspace, KeyChange } from './keyspace.ts';

/** Closed cases stay known for so long and so many. Less than Redis keeps them, else each would look lost there. Chosen. */
export const CLOSED_KEPT_MS = 6 * 24 * 60 * 60 * 1000;
const CLOSED_KEPT = 2000;
const FETCH_AT_ONCE = 200;

export type MirrorRedis = Pick<StoreRedis, 'get' | 'mget' | 'hget' | 'lrange'>;

export type Mirror = {
  /** What Redis had, as far as this gateway knows. Nobody else changes it. */
  readonly space: Keyspace;
  /**
   * A line of the log was read. Synchronous for the record and the line; words and events follow, but for the alarm of this line
   * where it came in here (`own`): Redis may die before it is asked, and nobody decides the alarm once more.
   */
  readonly takeItem: (item: LogItem, own: AlarmEvent | null) => void;
  /** A plan of this gateway was accepted by Redis: known at once, before the log tells. */
  readonly takeCommit: (plan: CommitPlan) => void;
  /** A record that this gateway holds in its memory; an older one changes nothing. */
  readonly takeRecord: (record: IncidentRecord) => void;
  /** Reads these incidents whole, and which Redis this is. Rejects while it is silent. */
  readonly load: (incidentIds: readonly string[]) => Promise<void>;
  /** Forgets what has come to its end. */
  readonly prune: () => void;
  /** Forgets texts that were erased. */
  readonly drop: (keys: readonly string[]) => void;
};

/** Keeps what every open incident is made of: record, log, alarms, words, indexes and marks. */
export function createMirror(deps: {
  readonly space: Keyspace;
  readonly redis: MirrorRedis;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly note: (change: KeyChange) => void;
}): Mirror {
  const { space, redis, clock, logger } = deps;
  const wanted = new Set<string>();
  const refilled = new Set<string>();
  let fetching: Promise<void> | null = null;
  let rereading: Promise<void> | null = null;

  function change(made: KeyChange): void {
    space.apply(made);
    deps.note(made);
  }

  function versionOf(incidentId: string): number {
    return Number(space.incident(INCIDENT_KEYS.incident(incidentId))?.version ?? 0);
  }

  function setText(key: string, value: string, ttlMs: number | null): void {
    const nowMs = clock.nowMs();
    if (space.text(key, nowMs) === value) return;
    change({ op: 'text', key, value, until: ttlMs === null ? null : nowMs + ttlMs });
  }

  function takeRecord(record: IncidentRecord): void {
    const key = INCIDENT_KEYS.incident(record.id);
    const known = space.incident(key);
    if (known !== null && Number(known.version) >= record.version) return;
    const { id: member, openedAt: score } = record;
    change({ op: 'incident', key, version: String(record.version), json: JSON.stringify(record) });
    if (isOpen(record)) change({ op: 'rank', key: INCIDENT_KEYS.openSet, score, member });
    else if (known !== null) change({ op: 'unrank', key: INCIDENT_KEYS.openSet, member });
    if (known === null) change({ op: 'rank', key: INCIDENT_KEYS.allSet, score, member });
  }

  function takeLine(incidentId: string, id: string, entry: StoredEntry): void {
    const key = INCIDENT_KEYS.entries(incidentId);
    const last = space.list(key).at(-1);
    if (last !== undefined && comparePositions(last.slice(0, last.indexOf('\n')), id) >= 0) return;
    change({ op: 'push', key, value: `${id}\n${JSON.stringify(entry)}` });
  }

  function takeAlarmId(alarmId: string, incidentId: string | null, type: string, own: AlarmEvent | null = null): void {
    setText(INCIDENT_KEYS.seen(alarmId), incidentId ?? NO_INCIDENT, MARK_TTL_MS);
    if (incidentId === null || (type !== 'opened' && type !== 'joined')) return;
    const key = INCIDENT_KEYS.alarms(incidentId);
    if (!space.list(key).includes(alarmId)) change({ op: 'push', key, value: alarmId });
    if (own !== null) setText(INCIDENT_KEYS.event(own.id), keepEvent({ event: own }, incidentId).json, null);
    want(INCIDENT_KEYS.event(alarmId));
  }

  /** A merge or a split says which alarms went where. */
  function moveAlarms({ data: { from, to, alarmIds } }: StoredEntry): void {
    if (typeof from !== 'string' || typeof to !== 'string' || !Array.isArray(alarmIds)) return;
    for (const alarmId of alarmIds) {
      if (typeof alarmId !== 'string') continue;
      if (space.list(INCIDENT_KEYS.alarms(from)).includes(alarmId)) {
        change({ op: 'pull', key: INCIDENT_KEYS.alarms(from), value: alarmId });
      }
      takeAlarmId(alarmId, to, 'joined');
    }
  }

  function want(key: string): void {
    const isText = space.text(key, clock.nowMs()) !== null;
    // An index changes; events and words never do.
    if (isText && !isIndex(key)) return;
    wanted.add(key);
    fetching ??= fetchWanted().finally(() => {
      fetching = null;
    });
  }

  async function fetchWanted(): Promise<void> {
    // What is wanted in one turn of the loop is asked for at once.
    await Promise.resolve();
    while (wanted.size > 0) {
      const keys = [...wanted].slice(0, FETCH_AT_ONCE);
      try {
        const texts = await fromStore(redis.mget(keys));
        for (const [n, key] of keys.entries()) {
          wanted.delete(key);
          const text = texts[n] ?? null;
          if (text !== null) setText(key, text, isIndex(key) ? indexTtlMs(JSON.parse(text) as OpenIndex) : null);
        }
      } catch (error) {
        // Asked again with the next line; after an outage every incident is read anew.
        logger.debug({ code: faultWord(error) }, 'what belongs to an incident could not be read now');
        return;
      }
    }
  }

  /** Somebody gave Redis a case of which this gateway knows less: the log tells only that it did. */
  async function readRefilled(): Promise<void> {
    while (refilled.size > 0) {
      const ids = [...refilled].slice(0, FETCH_AT_ONCE);
      for (const id of ids) refilled.delete(id);
      try {
        await Promise.all(ids.map(loadOne));
      } catch (error) {
        logger.debug({ code: faultWord(error) }, 'what somebody gave to redis could not be read now');
        return;
      }
    }
  }

  async function loadOne(id: string): Promise<void> {
    const [json, lines, alarmIds] = await Promise.all([
      fromStore(redis.hget(INCIDENT_KEYS.incident(id), 'json')),
      fromStore(redis.lrange(INCIDENT_KEYS.entries(id), 0, -1)),
      fromStore(redis.lrange(INCIDENT_KEYS.alarms(id), 0, -1)),
    ]);
    if (json === null) return;
    const record = JSON.parse(json) as IncidentRecord;
    // A Redis that was set back: what we know is newer, and is given to it.
    if (versionOf(id) > record.version) return;
    for (const key of [INCIDENT_KEYS.incident(id), INCIDENT_KEYS.entries(id), INCIDENT_KEYS.alarms(id)]) {
      change({ op: 'drop', key });
    }
    change({ op: 'unrank', key: INCIDENT_KEYS.openSet, member: id });
    takeRecord(record);
    for (const value of lines) {
      change({ op: 'push', key: INCIDENT_KEYS.entries(id), value });
      const { ref } = parseEntryLine(value).entry;
      if (ref !== undefined) want(INCIDENT_KEYS.personal(ref));
    }
    for (const alarmId of alarmIds) takeAlarmId(alarmId, id, 'joined');
    for (const subject of subjectsOf(record)) want(INCIDENT_KEYS.index(subject));
  }

  function forget(record: IncidentRecord): void {
    const { id } = record;
    for (const line of space.list(INCIDENT_KEYS.entries(id))) {
      const { ref } = parseEntryLine(line).entry;
      if (ref !== undefined) change({ op: 'drop', key: INCIDENT_KEYS.personal(ref) });
    }
    for (const alarmId of space.list(INCIDENT_KEYS.alarms(id))) {
      change({ op: 'drop', key: INCIDENT_KEYS.event(alarmId) });
    }
    for (const key of [INCIDENT_KEYS.entries(id), INCIDENT_KEYS.alarms(id), INCIDENT_KEYS.incident(id)]) {
      change({ op: 'drop', key });
    }
    change({ op: 'unrank', key: INCIDENT_KEYS.allSet, member: id });
    change({ op: 'unrank', key: INCIDENT_KEYS.openSet, member: id });
  }

  return {
    space,
    takeRecord,
    takeItem: ({ id, entry, incident }, own) => {
      const { id: _id, said: _said, ...stored } = entry;
      if (stored.type === 'refilled' && incident !== null && versionOf(incident.id) < incident.version) {
        refilled.add(incident.id);
        rereading ??= readRefilled().finally(() => {
          rereading = null;
        });
      }
      if (incident !== null) takeRecord(incident);
      const { incidentId } = stored;
      if (incidentId !== null) takeLine(incidentId, id, stored);
      if (stored.ref !== undefined) want(INCIDENT_KEYS.personal(stored.ref));
      moveAlarms(stored);
      const alarmId = stored.data['alarmId'];
      if (typeof alarmId === 'string') takeAlarmId(alarmId, incidentId, stored.type, own);
      for (const subject of incident === null ? [] : subjectsOf(incident)) want(INCIDENT_KEYS.index(subject));
    },
    takeCommit: ({ incidents, guarded, events }) => {
      for (const { record } of incidents) takeRecord(record);
      for (const { key, becomes, ttlMs } of guarded) if (becomes !== null) setText(key, becomes, ttlMs);
      for (const { id, incidentId, json } of events) {
        if (incidentId === null) continue;
        setText(INCIDENT_KEYS.event(id), json, null);
        takeAlarmId(id, incidentId, 'joined');
      }
    },
    load: async (incidentIds) => {
      for (let at = 0; at < incidentIds.length; at += FETCH_AT_ONCE) {
        await Promise.all(incidentIds.slice(at, at + FETCH_AT_ONCE).map(loadOne));
      }
      await fetching;
      const lineage = await fromStore(redis.get(REDIS_KEYS.lineage));
      if (lineage !== null) setText(REDIS_KEYS.lineage, lineage, null);
    },
    drop: (keys) => {
      for (const key of keys) change({ op: 'drop', key });
    },
    prune: () => {
      const nowMs = clock.nowMs();
      space.expire(nowMs);
      const closed = space.ranked(INCIDENT_KEYS.allSet).flatMap(([id]) => {
        if (space.isRanked(INCIDENT_KEYS.openSet, id)) return [];
        const json = space.incident(INCIDENT_KEYS.incident(id))?.json;
        return json === undefined ? [] : [JSON.parse(json) as IncidentRecord];
      });
      const inOrder = closed.toSorted((a, b) => b.updatedAt - a.updatedAt);
      for (const [n, record] of inOrder.entries()) {
        if (n >= CLOSED_KEPT || nowMs - record.updatedAt > CLOSED_KEPT_MS) forget(record);
      }
    },
  };
}

function isIndex(key: string): boolean {
  return key.startsWith(INCIDENT_KEYS.index(''));
}
