import type { IncidentRecord, OpenIncident } from '../incidents/record.ts';
import { isOpen } from '../incidents/record.ts';

/**
 * What keeps an open incident from being acted on (promise P3):
 * - `no-deadline`: its record gives none
 * - `overdue`: its deadline passed and nothing happened
 * - `not-on-board`, `behind-on-board`: this gateway does not know of it, or only of an older version
 * - `not-in-open-set`: the next start would not find it
 * - `not-in-index`: a further alarm of its subject would not find it
 * - `record-missing`: it is listed as open and there is nothing under its id
 * - `undispatched`, `undelivered`: an acknowledged alarm waits in the stream, or for the stream
 */
export type HoleKind =
  | 'no-deadline'
  | 'overdue'
  | 'not-on-board'
  | 'behind-on-board'
  | 'not-in-open-set'
  | 'not-in-index'
  | 'record-missing'
  | 'undispatched'
  | 'undelivered';

/** `id` is the incident's, the stream entry's or the alarm's. `version`: of the record it was found in. */
export type Hole = { readonly kind: HoleKind; readonly id: string; readonly version?: number };

export type StoreView = {
  readonly board: ReadonlyMap<string, OpenIncident>;
  /** The store's list of open incidents. */
  readonly openIds: ReadonlySet<string>;
  /** Records read now; null where the store has none under the id. */
  readonly records: ReadonlyMap<string, IncidentRecord | null>;
  /** Ids in the open-index, by subject. */
  readonly indexed: ReadonlyMap<string, readonly string[]>;
};

/**
 * The alarm that Redis lacks although it answers. Away, or while it is filled again, it lacks them by nature; where its answers
 * are never durable (not proven) it is always degraded, and an alarm that does not get there is a hole like any other.
 */
export function findUndelivered(redis: {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly isProven: boolean;
  readonly oldest: string | null;
}): string | null {
  const { status, isProven, oldest } = redis;
  return status === 'ok' || (status === 'degraded' && !isProven) ? oldest : null;
}

/** Which ids must be read, whatever turn of the round it is: those on which the store's list and the board disagree. */
export function listDisagreements(board: ReadonlyMap<string, unknown>, openIds: ReadonlySet<string>): string[] {
  const unknown = [...openIds].filter((id) => !board.has(id));
  const unlisted = [...board.keys()].filter((id) => !openIds.has(id));
  return [...unknown, ...unlisted];
}

/** Compares what was read; pure. A hole seen once may be an entry on its way: `Suspicions` waits. */
export function findStoreHoles({ board, openIds, records, indexed }: StoreView): Hole[] {
  return [...records].flatMap(([id, record]): Hole[] => {
    const listed = openIds.has(id) || board.has(id);
    if (record === null) return listed ? [{ kind: 'record-missing', id }] : [];
    if (!isOpen(record)) return [];
    const { version } = record;
    const known = board.get(id);
    const holes: Hole[] = [];
    if (!openIds.has(id)) holes.push({ kind: 'not-in-open-set', id });
    if (known === undefined) holes.push({ kind: 'not-on-board', id });
    else if (known.version < version) holes.push({ kind: 'behind-on-board', id, version });
    if (indexed.get(record.subject)?.includes(id) !== true) holes.push({ kind: 'not-in-index', id });
    return holes;
  });
}

/** What the board still shows although the store has closed it. Not a hole, but to be put right. */
export function listClosed({ board, records }: StoreView): IncidentRecord[] {
  return [...records.values()].filter(
    (record): record is IncidentRecord => record !== null && !isOpen(record) && board.has(record.id),
  );
}

/** Holes that were seen before and are still there: what two looks in a row find is no entry on its way. */
export class Suspicions {
  readonly #confirmAfterMs: number;
  #since = new Map<string, number>();

  constructor(confirmAfterMs: number) {
    this.#confirmAfterMs = confirmAfterMs;
  }

  /** Takes what one whole look found; answers what has been so for long enough. */
  confirm(found: readonly Hole[], monoMs: number): Hole[] {
    const before = this.#since;
    this.#since = new Map(found.map((hole) => [keyOf(hole), before.get(keyOf(hole)) ?? monoMs]));
    return found.filter((hole) => monoMs - (this.#since.get(keyOf(hole)) ?? monoMs) >= this.#confirmAfterMs);
  }

  /** Incidents that must be read at the next look. */
  ids(): string[] {
    return [...this.#since.keys()].map((key) => key.split(' ')[1] ?? '').filter((id) => id !== '');
  }
}

function keyOf({ kind, id, version }: Hole): string {
  return `${kind} ${id} ${version ?? ''}`;
}
