import type { ChainFault } from './check-links.ts';
import { hashSalted } from './plan-projection.ts';

/** A frame or words, with what proves them; `text` null: erased. */
export type KeptRow = {
  readonly seq: number;
  readonly id: string;
  readonly incidentId: string | null;
  /** Of frames alone. */
  readonly deviceId?: string | null;
  readonly atMs: number;
  readonly text: string | null;
  readonly salt: string | null;
  readonly hash: string;
  readonly why: string | null;
};

/** What the chain says of a frame or of words. */
export type KeptSaying = Pick<KeptRow, 'seq' | 'incidentId' | 'deviceId' | 'atMs' | 'hash'> & {
  /** Redis had lost the words before they could be kept. */
  readonly isMissing: boolean;
};

/** What an erasure took away: everything of these cases but what had gone to others, and alarms that stand elsewhere. */
export type ErasedIds = {
  readonly incidentIds: ReadonlySet<string>;
  readonly eventIds: ReadonlySet<string>;
  readonly keptEventIds: ReadonlySet<string>;
};

/** What the chain says of removals: erasures, and how far the retention of each class went. */
export type Removals = {
  readonly erasures: readonly ErasedIds[];
  readonly beforeMs: ReadonlyMap<string, number>;
};

type KeptTable = 'events' | 'personal_texts';

/** Frames and words against what the chain has of them, both ways. Pure. */
export function checkKeptRows(
  table: KeptTable,
  expected: ReadonlyMap<string, KeptSaying>,
  rows: readonly KeptRow[],
  removals: Removals,
): ChainFault[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const foreign = rows.filter(({ id }) => !expected.has(id));
  return [
    ...foreign.map(({ seq, id }): ChainFault => ({ code: 'row-foreign', seq, detail: `${table} ${id}` })),
    ...[...expected].flatMap(([id, said]): ChainFault[] => {
      const code = judgeKept(table, said, byId.get(id), removals);
      return code === null ? [] : [{ code, seq: said.seq, detail: `${table} ${id}` }];
    }),
  ];
}

function judgeKept(
  table: KeptTable,
  said: KeptSaying,
  row: KeptRow | undefined,
  removals: Removals,
): ChainFault['code'] | null {
  if (row === undefined) return 'row-missing';
  const isSame =
    row.hash === said.hash &&
    row.seq === said.seq &&
    row.incidentId === said.incidentId &&
    row.deviceId === said.deviceId &&
    row.atMs === said.atMs &&
    (row.text === null ? row.salt === null : row.why === null);
  if (!isSame) return 'row-changed';
  if (row.text === null) return isTraced(table, row, said, removals) ? null : 'erased-without-trace';
  if (row.salt !== null && hashSalted(row.salt, row.text) === said.hash) return null;
  return table === 'events' ? 'frame-changed' : 'words-changed';
}

function isTraced(
  table: KeptTable,
  { id, why, incidentId, atMs }: KeptRow,
  said: KeptSaying,
  removals: Removals,
): boolean {
  switch (why) {
    case 'erasure':
      return removals.erasures.some(
        ({ incidentIds, eventIds, keptEventIds }) =>
          eventIds.has(id) || (incidentId !== null && incidentIds.has(incidentId) && !keptEventIds.has(id)),
      );
    case 'retention':
      return atMs < (removals.beforeMs.get(table) ?? Number.NEGATIVE_INFINITY);
    case 'missing':
      return said.isMissing;
    default:
      return false;
  }
}
