import type { CallResult, ContactKind, LogEntry } from '../../gateway/api/contract/incident.ts';
import { CALL_RESULT_NAMES, CONTACT_NAMES } from './codes.ts';
import type { CallTarget } from './targets.ts';

export type CallState = { readonly result: CallResult; readonly atMs: number };

/** How the last call to each target went, by the target's key. Several residents may share a number: then all of them. */
export function readCalls(log: readonly LogEntry[], targets: readonly CallTarget[]): ReadonlyMap<string, CallState> {
  const calls = new Map<string, CallState>();
  for (const entry of log) {
    if (entry.type !== 'call') continue;
    const result = CALL_RESULT_NAMES.find((name) => name === entry.data['result']) ?? 'ringing';
    for (const target of targets) {
      if (isCallTo(entry, target)) calls.set(target.key, { result, atMs: Date.parse(entry.at) });
    }
  }
  return calls;
}

export function isCallTo(entry: LogEntry, target: CallTarget): boolean {
  const contactId = entry.data['contactId'];
  if (typeof contactId === 'string') return contactId === target.contactId;
  return typeof entry.data['number'] === 'string' && entry.data['number'] === target.number;
}

/** The last thing that was learnt of the person's state; an unanswered call is nothing learnt. */
export function readContact(log: readonly LogEntry[]): ContactKind | null {
  let last: ContactKind | null = null;
  for (const entry of log) {
    // A further press, or the case opened again, makes earlier words about the person's state history.
    const isCry = entry.type === 'joined' && (entry.data['kind'] ?? 'alarm') === 'alarm';
    if (isCry || entry.type === 'reopen') last = null;
    if (entry.type !== 'contact') continue;
    const kind = CONTACT_NAMES.find((name) => name === entry.data['kind']);
    if (kind !== undefined && kind !== 'no-answer') last = kind;
  }
  return last;
}
