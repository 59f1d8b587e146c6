import type { StoredEntry } from '../incidents/commit-script.ts';
import { queryRows, type Queryable } from '../store/postgres.ts';

const ACTION = 'find what is of a person';

/** What goes with a person: cases with their words, and alarms. */
export type ErasureScope = {
  readonly incidentIds: readonly string[];
  /** Alarms that are theirs and began in none of these cases. */
  readonly eventIds: readonly string[];
  /** Alarms that began in these cases and are somebody else's. */
  readonly keptEventIds: readonly string[];
  /** Something of it is worked on. */
  readonly isOpen: boolean;
};

type Case = {
  readonly id: string;
  readonly isOpen: boolean;
  /** Nobody is known whom it may be about. */
  readonly isNobodys: boolean;
  /** It is, or may be, about somebody else who is not erased. */
  readonly isOthers: boolean;
};
type Move = {
  readonly isMerge: boolean;
  readonly from: string;
  readonly to: string;
  readonly alarmIds: readonly string[];
};

/**
 * Cases of a person, those of nobody that were merged with them or split from them, and the alarms in them. An alarm that
 * was split off belongs to the person of its new case; one that a merge brought stays with its own person, where that is
 * known. Of a case whose person is uncertain only when nobody else that it may be about is left. @throws StoreError
 */
export async function findErasureScope(db: Queryable, residentId: string): Promise<ErasureScope> {
  const run = <Row>(sql: string, values: readonly unknown[]) => queryRows<Row>(db, ACTION, sql, values);
  const cases = new Map<string, Case>();
  const theirs = new Set((await run<{ id: string }>(CASES, [residentId])).map(({ id }) => id));
  let moves: Move[] = [];
  for (let size = 0; size < theirs.size;) {
    size = theirs.size;
    moves = await loadMoves(db, [...theirs]);
    await know(moves);
    const near = [...cases.values()].filter(({ id, isNobodys }) => isNobodys && !theirs.has(id));
    const beside = await loadMoves(
      db,
      near.map(({ id }) => id),
    );
    await know(beside);
    for (const { id } of near) {
      // What stood beside another person's case too may be about them.
      const isUncertain = beside.some(
        ({ from, to }) => (from === id && cases.get(to)?.isOthers) || (to === id && cases.get(from)?.isOthers),
      );
      if (!isUncertain) theirs.add(id);
    }
  }
  const moved = moves.flatMap(({ alarmIds }) => alarmIds);
  const events = await run<{ id: string; incidentId: string | null }>(
    'select id, incident_id as "incidentId" from events where incident_id = any($1) or id = any($2)',
    [[...theirs], moved],
  );
  const owners = new Map(events.map(({ id, incidentId }) => [id, incidentId]));
  for (const { isMerge, from, to, alarmIds } of moves) {
    if (isMerge && cases.get(from)?.isNobodys !== true) continue;
    for (const id of alarmIds) owners.set(id, to);
  }
  const isTheirs = (id: string | null | undefined): boolean => typeof id === 'string' && theirs.has(id);
  const loose = await run<{ id: string }>(LOOSE_ALARMS, [residentId]);
  const brought = events.filter(({ id, incidentId }) => isTheirs(owners.get(id)) && !isTheirs(incidentId));
  const kept = events.filter(({ id, incidentId }) => isTheirs(incidentId) && !isTheirs(owners.get(id)));
  return {
    incidentIds: [...theirs].toSorted(),
    eventIds: [...loose, ...brought].map(({ id }) => id).toSorted(),
    keptEventIds: kept.map(({ id }) => id).toSorted(),
    isOpen: await isWorkedOn(),
  };

  async function know(of: readonly Move[]): Promise<void> {
    const ids = [...theirs, ...of.flatMap(({ from, to }) => [from, to])];
    for (const known of await run<Case>(KNOWN, [residentId, ids])) cases.set(known.id, known);
  }

  /** A merged case is closed; its alarms are worked on in the one that it went to. */
  async function isWorkedOn(): Promise<boolean> {
    const seen = new Set(theirs);
    for (let next = moves; next.length > 0;) {
      await know(next);
      const into = next
        .filter(({ isMerge, from, to }) => isMerge && seen.has(from) && !seen.has(to))
        .map(({ to }) => to);
      for (const id of into) seen.add(id);
      next = into.length === 0 ? [] : await loadMoves(db, into);
    }
    return [...seen].some((id) => cases.get(id)?.isOpen === true);
  }
}

/** In their order; each stands with both cases, and is the same done twice. */
async function loadMoves(db: Queryable, incidentIds: readonly string[]): Promise<Move[]> {
  const rows = await queryRows<{ entry: string }>(
    db,
    ACTION,
    `select entry from incident_log where incident_id = any($1) and type in ('merge', 'split', 'opened') order by audit_seq`,
    [incidentIds],
  );
  return rows.flatMap(({ entry }) => {
    const { type, data } = JSON.parse(entry) as StoredEntry;
    const { from, to, alarmIds } = data;
    if (typeof from !== 'string' || typeof to !== 'string' || !Array.isArray(alarmIds)) return [];
    return [{ isMerge: type === 'merge', from, to, alarmIds: alarmIds.map(String) }];
  });
}

const OTHERS = `exists (
  select from unnest(case when resident_id is null then candidates else array[resident_id] end) as candidate
  join residents on residents.id = candidate
  where candidate <> $1 and not exists (select from erasures where erasures.resident_id = candidate))`;

const CASES = `
  select id from incidents
  where resident_id = $1 or (resident_id is null and candidates @> array[$1] and not ${OTHERS})`;

const KNOWN = `
  select id, state <> 'resolved' as "isOpen", ${OTHERS} as "isOthers",
    resident_id is null and not ${OTHERS} as "isNobodys"
  from incidents where id = any($2)`;

/** Tests and cancels that belong to no case, of devices while they were theirs; and how calls from their numbers went on. */
const LOOSE_ALARMS = `
  select id from events where incident_id is null and resident_id = $1
  union
  select events.id from events
  join device_bindings as b on b.device_id = events.device_id
    and b.bound_from <= events.received_at and (b.bound_until is null or b.bound_until > events.received_at)
  join device_binding_residents as r on r.device_id = b.device_id and r.number = b.number
  where events.incident_id is null and r.resident_id = $1`;
