import { compareStreamIds } from './stream-id.ts';

/** What this gateway last knew of Redis' data: its lineage and the newest alarm entry that it has seen. */
export type KnownLineage = { readonly lineage: string; readonly lastId: string | null };

/** What Redis holds now. */
export type SeenLineage = {
  readonly lineage: string | null;
  readonly lastId: string | null;
  /** Whether the newest entry that is known of is there. */
  readonly hasKnown: boolean;
  /** Whether that entry is so young that the stream cannot have been trimmed beyond it. */
  readonly isKnownYoung: boolean;
};

/**
 * - `first`: this gateway has never seen a Redis
 * - `same`: the data is what it was, or newer
 * - `replaced`: empty or somebody else's data
 * - `older`: the same data as it was earlier, a restored backup
 */
export type LineageVerdict = 'first' | 'same' | 'replaced' | 'older';

/** The newest id of a stream that has never held an entry. */
const STREAM_START = '0-0';

/** `known` is null at the first start, `damaged` when its file cannot be read: then nothing is taken for granted. */
export function judgeLineage(known: KnownLineage | 'damaged' | null, seen: SeenLineage): LineageVerdict {
  if (known === null) return 'first';
  if (known === 'damaged' || known.lineage !== seen.lineage) return 'replaced';
  if (known.lastId === null || known.lastId === STREAM_START) return 'same';
  if (seen.lastId === null || compareStreamIds(seen.lastId, known.lastId) < 0) return 'older';
  // Alarms that came since it is back may have pushed its newest id beyond the one that it lost.
  return !seen.hasKnown && seen.isKnownYoung ? 'older' : 'same';
}
