import { queryRows, type Queryable } from '../store/postgres.ts';
import { canonicalJson } from './canonical.ts';
import { calcLinkHash } from './chain.ts';
import type { Removals } from './check-kept.ts';
import type { ChainFault } from './check-links.ts';
import { parseObject } from './log-line.ts';

const ACTION = 'verify removals';

/** An erasure or a sweep of the retention, as the chain tells it. */
type RemovalSaying = { readonly seq: number; readonly said: Readonly<Record<string, unknown>> };

/**
 * From the chain itself: the tables could say anything. An entry that does not have its hash gives no right to anything.
 * @throws StoreError
 */
export async function loadRemovalSayings(db: Queryable): Promise<RemovalSaying[]> {
  const rows = await queryRows<{ seq: number; entry: string; prev: Buffer; hash: Buffer }>(
    db,
    ACTION,
    `select seq::float8 as seq, entry, prev, hash from audit_chain
     where kind in ('erasure', 'retention') and seq >= 1 order by seq`,
  );
  return rows.flatMap(({ seq, entry, prev, hash }) => {
    const said: Record<string, unknown> = { ...parseObject(entry) };
    const isRemoval = said['kind'] === 'erasure' || said['kind'] === 'retention';
    return isRemoval && calcLinkHash(prev, entry).equals(hash) ? [{ seq, said }] : [];
  });
}

/** Pure. */
export function readRemovals(sayings: readonly RemovalSaying[]): Removals {
  const beforeMs = new Map<string, number>();
  for (const { said } of sayings.filter(isOf('retention'))) {
    const [name, before] = [String(said['class']), Date.parse(String(said['before']))];
    // A clock that was set back brings nothing back.
    beforeMs.set(name, Math.max(before, beforeMs.get(name) ?? before));
  }
  const erasures = sayings.filter(isOf('erasure')).map(({ said }) => ({
    incidentIds: readIds(said['incidentIds']),
    eventIds: readIds(said['eventIds']),
    keptEventIds: readIds(said['keptEventIds']),
  }));
  return { erasures, beforeMs };
}

type ErasureRow = {
  readonly residentId: string;
  readonly atMs: number;
  readonly by: string;
  readonly ground: string;
  readonly counts: string;
  readonly incidentIds: readonly string[];
  readonly eventIds: readonly string[];
};

/** The rows that tell of erasures against the chain, both ways; of one case or, with null, all. @throws StoreError */
export async function checkErasures(
  db: Queryable,
  sayings: readonly RemovalSaying[],
  incidentId: string | null,
): Promise<ChainFault[]> {
  const rows = await queryRows<ErasureRow>(
    db,
    ACTION,
    `select resident_id as "residentId", (extract(epoch from erased_at) * 1000)::float8 as "atMs", by_actor as by, ground,
       counts, incident_ids as "incidentIds", event_ids as "eventIds"
     from erasures where $1::text is null or $1 = any(incident_ids) order by id`,
    [incidentId],
  );
  const told = sayings
    .filter(isOf('erasure'))
    .filter(({ said }) => incidentId === null || readIds(said['incidentIds']).has(incidentId));
  const left = rows.map((row) => ({ row, text: canonicalJson(tell(row, row.atMs, parseObject(row.counts))) }));
  const faults: ChainFault[] = [];
  for (const { seq, said } of told) {
    const text = canonicalJson(tell(said, Date.parse(String(said['at'])), said['counts']));
    const at = left.findIndex((each) => each.text === text);
    if (at === -1) faults.push({ code: 'row-missing', seq, detail: `erasures ${String(said['residentId'])}` });
    else left.splice(at, 1);
  }
  const foreign = left.map(
    ({ row }) => ({ code: 'row-foreign', seq: null, detail: `erasures ${row.residentId}` }) as const,
  );
  return [...faults, ...foreign];
}

function tell(of: Readonly<Record<string, unknown>>, atMs: number, counts: unknown): Record<string, unknown> {
  const { residentId, by, ground, incidentIds, eventIds } = of;
  // Readings are counted when they go, behind the entry.
  const { readings: _, ...counted } = { ...(counts as Readonly<Record<string, unknown>>) };
  return { residentId, by, ground, incidentIds, eventIds, atMs, counts: counted };
}

function isOf(kind: 'erasure' | 'retention'): (saying: RemovalSaying) => boolean {
  return ({ said }) => said['kind'] === kind;
}

function readIds(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.map(String) : []);
}
