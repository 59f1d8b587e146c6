import type { GuardedKey } from './commit.ts';
import type { Held } from './held.ts';
import { INCIDENT_KEYS } from './keys.ts';
import type { IncidentRecord } from './record.ts';

/** The open incidents of one subject and the last emergency that was closed; a key of its own, compared whole. */
export type OpenIndex = {
  readonly open: readonly string[];
  readonly last: { readonly incidentId: string; readonly closedAt: number; readonly outcome: string } | null;
};

export const EMPTY_INDEX: OpenIndex = { open: [], last: null };

/** How long the last closed case of a subject with nothing open is told as "again after …". Chosen. */
const REMEMBERED_MS = 90 * 24 * 60 * 60 * 1000;

export function withOpened(index: OpenIndex, incidentId: string): OpenIndex {
  return { ...index, open: [...index.open.filter((id) => id !== incidentId), incidentId] };
}

export function withoutOpen(index: OpenIndex, incidentId: string): OpenIndex {
  return { ...index, open: index.open.filter((id) => id !== incidentId) };
}

/** Only an emergency is told as "again": a flat battery that was changed says nothing about the next press. */
export function withClosed(index: OpenIndex, closed: IncidentRecord, closedAt: number): OpenIndex {
  const open = index.open.filter((id) => id !== closed.id);
  if (closed.lane !== 'emergency') return { ...index, open };
  return { open, last: { incidentId: closed.id, closedAt, outcome: closed.resolution?.outcome ?? 'other' } };
}

/** How long it is kept, in milliseconds; null: for as long as something is open. */
export function indexTtlMs(index: OpenIndex): number | null {
  return index.open.length === 0 ? REMEMBERED_MS : null;
}

/** Compares the index with what the plan was made from; `becomes` null leaves it as it is. */
export function guardIndex(subject: string, held: Held<OpenIndex>, becomes: OpenIndex | null): GuardedKey {
  return {
    key: INCIDENT_KEYS.index(subject),
    was: held.raw,
    becomes: becomes === null ? null : JSON.stringify(becomes),
    ttlMs: becomes === null ? null : indexTtlMs(becomes),
  };
}
