import type { GuardedKey } from './commit.ts';
import type { Held } from './held.ts';
import { guardIndex, withClosed, withOpened, withoutOpen, type OpenIndex } from './open-index.ts';
import { isOpen, subjectsOf, type IncidentRecord } from './record.ts';

export type RecordChange = { readonly was: IncidentRecord | null; readonly record: IncidentRecord };

/** The open-index of every subject that a decision touches, by subject. */
export type Indexes = ReadonlyMap<string, Held<OpenIndex>>;

/**
 * What the open-indexes become, from nothing but the records before and after: an open incident stands under each of its
 * subjects and nowhere else. Only what changes is guarded; a subject that was not loaded is our own mistake and throws.
 */
export function planIndexes(changes: readonly RecordChange[], indexes: Indexes, nowMs: number): GuardedKey[] {
  const after = new Map<string, OpenIndex>();
  for (const { was, record } of changes) {
    const stood = was === null || !isOpen(was) ? [] : subjectsOf(was);
    const stands = isOpen(record) ? subjectsOf(record) : [];
    for (const subject of new Set([...stood, ...stands])) {
      if (stood.includes(subject) && stands.includes(subject)) continue;
      const now = after.get(subject) ?? heldOf(indexes, subject).value;
      after.set(subject, stands.includes(subject) ? withOpened(now, record.id) : withLeft(now, record, nowMs));
    }
  }
  return [...after].map(([subject, becomes]) => guardIndex(subject, heldOf(indexes, subject), becomes));
}

/** A case that lives on in another, or stands elsewhere now, is no end that the next press would be told of. */
function withLeft(index: OpenIndex, record: IncidentRecord, nowMs: number): OpenIndex {
  const isEnd = !isOpen(record) && record.resolution?.mergedInto === undefined;
  return isEnd ? withClosed(index, record, nowMs) : withoutOpen(index, record.id);
}

function heldOf(indexes: Indexes, subject: string): Held<OpenIndex> {
  const held = indexes.get(subject);
  if (held === undefined) throw new Error('the open-index of a subject was not loaded');
  return held;
}
