import { decodeEvent } from '../ingest/event-json.ts';
import type { AlarmEvent } from '../../devices/event.ts';
import type { StoredEntry, StoredPersonal } from '../incidents/commit-script.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import { draftAudit, draftStep, type AuditDraft } from './audit-entry.ts';
import { alarmIdsOf, keepable, parseObject, sha256, type LogLine } from './log-line.ts';

/** Texts that lie beside the log, as Redis had them when the page was read; null: none. */
export type BesideLog = {
  readonly events: ReadonlyMap<string, string | null>;
  readonly personal: ReadonlyMap<string, string | null>;
};

type EventRow = {
  readonly event: AlarmEvent;
  readonly incidentId: string | null;
  readonly residentId: string | null;
  readonly body: string;
  readonly salt: string;
  readonly hash: string;
};

type PersonalRow = {
  readonly line: LogLine;
  readonly ref: string;
  readonly incidentId: string | null;
  readonly atMs: number;
  readonly hash: string;
  /** Null where the key was gone already. */
  readonly kept: { readonly said: string; readonly salt: string } | null;
};

/** One entry of the chain with the row that it stands for. `audit` has its place in the order of the chain. */
type Projected = {
  readonly audit: AuditDraft;
  readonly line?: LogLine;
  readonly event?: EventRow;
};

export type Projection = {
  readonly entries: readonly Projected[];
  readonly personal: readonly PersonalRow[];
  /** The highest version of each incident in the page, with the line that brought it. */
  readonly incidents: readonly { readonly record: IncidentRecord; readonly text: string; readonly line: LogLine }[];
};

/**
 * What a page of the log becomes. Pure but for the salts. `knownEvents` are those that the database has: an alarm is entered
 * into the chain once, with the first line that speaks of it.
 */
export function planProjection(
  lines: readonly LogLine[],
  beside: BesideLog,
  knownEvents: ReadonlySet<string>,
  newSalt: () => string,
): Projection {
  const entries: Projected[] = [];
  const personal: PersonalRow[] = [];
  const newest = new Map<string, Projection['incidents'][number]>();
  const taken = new Set(knownEvents);
  for (const line of lines) {
    const said = planPersonal(line, beside);
    entries.push({ audit: draftStep(line, said !== null && said.kept === null), line });
    for (const id of alarmIdsOf(line.entry)) {
      const event = taken.has(id) ? null : planEvent(id, line, beside, newSalt);
      if (event === null) continue;
      taken.add(id);
      entries.push({ audit: draftEvent(event), event });
    }
    if (said !== null) personal.push(said);
    if (line.incident === null) continue;
    const { record, text } = line.incident;
    const known = newest.get(record.id);
    if (known === undefined || known.record.version < record.version) newest.set(record.id, { record, text, line });
  }
  return { entries, personal, incidents: [...newest.values()] };
}

function planEvent(id: string, line: LogLine, beside: BesideLog, newSalt: () => string): EventRow | null {
  const text = beside.events.get(id) ?? null;
  const event = text === null ? null : decodeEvent(text);
  if (text === null || event === null) return null;
  const salt = newSalt();
  const body = keepable(text);
  const { incidentId } = line.entry;
  const residentId = line.incident?.record.residentId ?? event.byHand?.residentId ?? findCalling(event);
  return { event, incidentId, residentId, body, salt, hash: hashSalted(salt, body) };
}

/** Whose number called, or whose contact's, where that is one person's. */
function findCalling({ caller }: AlarmEvent): string | null {
  return caller?.residentIds.length === 1 ? (caller.residentIds[0] ?? null) : null;
}

function draftEvent({ event, incidentId, hash }: EventRow): AuditDraft {
  return draftAudit('event', event.receivedAt, { eventId: event.id, incidentId, deviceId: event.deviceId, hash });
}

function planPersonal(line: LogLine, { personal }: BesideLog): PersonalRow | null {
  const { entry, position } = line;
  if (entry.ref === undefined) return null;
  const found = parseObject(personal.get(entry.ref) ?? '') as StoredPersonal | null;
  const kept =
    typeof found?.said === 'object' && typeof found.salt === 'string'
      ? { said: keepable(JSON.stringify(found.said)), salt: found.salt }
      : null;
  return {
    line,
    ref: entry.ref,
    incidentId: entry.incidentId,
    atMs: entry.at,
    hash: calcWordsHash(entry, position),
    kept,
  };
}

/** As the log's own (`incidents/commit-script.ts`): SHA-256 over salt and text, base64url. */
export function hashSalted(salt: string, text: string): string {
  return sha256(salt + text).toString('base64url');
}

/** What stands for the hash of words that the log gave none. */
export function calcWordsHash({ hash }: Pick<StoredEntry, 'hash'>, position: string): string {
  return hash ?? `none:${position}`;
}

/** Epoch milliseconds; null while it is open. */
export function calcClosedAtMs({ state, resolution, updatedAt }: IncidentRecord): number | null {
  return state === 'resolved' ? (resolution?.at ?? updatedAt) : null;
}
