import { createHash } from 'node:crypto';
import type { StoredEntry } from '../incidents/commit-script.ts';
import type { IncidentRecord } from '../incidents/record.ts';
import type { StreamEntry } from './stream-page.ts';

/** One entry of the incident log as the history takes it, with its exact texts. */
export type LogLine = {
  readonly position: string;
  /** The text that Redis had. */
  readonly text: string;
  /** SHA-256 of that text: the same place may hold other lines in another life of Redis. */
  readonly textHash: Buffer;
  readonly entry: StoredEntry;
  readonly incident: { readonly record: IncidentRecord; readonly text: string } | null;
};

/** Total: a line that nobody can read is kept as `unreadable`, so that it stops none behind it. */
export function readLogLine({ position, fields }: StreamEntry): LogLine {
  const text = keepable(fields['entry'] ?? '');
  const record = parseObject(fields['incident'] ?? '');
  return {
    position,
    text,
    textHash: sha256(text),
    entry: readEntry(position, parseObject(text)),
    incident: isRecord(record) ? { record, text: keepable(fields['incident'] ?? '') } : null,
  };
}

function readEntry(position: string, found: object | null): StoredEntry {
  const at = Number(position.split('-')[0]);
  const unreadable = { incidentId: null, type: 'unreadable', actor: 'system', at, data: {} };
  return found === null || !isEntry(found) ? unreadable : found;
}

function isEntry(found: object): found is StoredEntry {
  return (
    'type' in found &&
    typeof found.type === 'string' &&
    'actor' in found &&
    typeof found.actor === 'string' &&
    'at' in found &&
    isDate(found.at) &&
    'incidentId' in found &&
    (found.incidentId === null || typeof found.incidentId === 'string') &&
    'data' in found &&
    typeof found.data === 'object' &&
    found.data !== null
  );
}

/** Our own writing: that it is whole is enough. */
function isRecord(found: object | null): found is IncidentRecord {
  return (
    found !== null &&
    'id' in found &&
    typeof found.id === 'string' &&
    'version' in found &&
    Number.isInteger(found.version) &&
    'openedAt' in found &&
    isDate(found.openedAt) &&
    'updatedAt' in found &&
    isDate(found.updatedAt)
  );
}

function isDate(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(new Date(value).getTime());
}

/** The ids of alarms that a line speaks of. */
export function alarmIdsOf({ data }: StoredEntry): string[] {
  const { alarmId, alarmIds } = data;
  const several: readonly unknown[] = Array.isArray(alarmIds) ? alarmIds : [];
  return [alarmId, ...several].filter((id) => typeof id === 'string');
}

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}

/** PostgreSQL holds no NUL and no half of a surrogate pair; our own JSON writes both as escapes. */
export function keepable(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

export function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
