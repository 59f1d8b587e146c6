import { errorCode, ZhujiError } from '../../errors.ts';
import type { Observation } from '../observation.ts';
import type { ObservationsTable } from '../observations/writer-port.ts';
import type { WriterConnection } from './connection.ts';
import { encodeCopy } from './copy-rows.ts';

export type Batch = {
  readonly spool: string;
  /** The cursor before it and after it: position of the last message that the database has. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly Observation[];
};

/** A row that the database refuses, and why. */
export type Refused = { readonly row: Observation; readonly code: string };

export type Stored = {
  readonly stored: number;
  /** They were there already, or twice in the batch. */
  readonly repeats: number;
  /** Older than readings are kept. */
  readonly expired: number;
  /** Of people who were erased meanwhile. */
  readonly erased: number;
  readonly refused: readonly Refused[];
};

/** The cursor is not where it was left: read it again. Also after a commit whose answer was lost. */
export class CursorMovedError extends ZhujiError {
  constructor() {
    super('cursor-moved', 'the cursor of the spool is not where it was left');
  }
}

const CAS = 'update spool_cursor set position = $3 where spool = $1 and position = $2';
const ALREADY_THERE = '23505';

/**
 * Stores a batch and moves the cursor, both or neither. Straight COPY first; where some of it is there already, once more by
 * way of a staging table; where a row is refused, by halves until it stands alone. Throws CursorMovedError and what `pg`
 * throws; nothing is stored then, unless it was the answer to the commit that was lost.
 */
export async function storeBatch(
  connection: WriterConnection,
  table: ObservationsTable,
  batch: Batch,
  how: 'straight' | 'row-by-row' = 'straight',
): Promise<Stored> {
  const unique = dropRepeats(batch.rows);
  const keptFromMs = unique.length === 0 ? -Infinity : await table.keptFrom(connection, spanOf(unique)[0]);
  const rows = unique.filter(({ ts }) => ts >= keptFromMs);
  const expired = unique.length - rows.length;
  const refused: Refused[] = [];
  let erased = 0;
  const ways: readonly ((wanted: readonly Observation[]) => Promise<number>)[] = [
    (wanted) => connection.copy(table.copy, encodeCopy(wanted)),
    (wanted) => merge(connection, table, wanted),
    (wanted) => mergeByHalves(connection, table, wanted, refused),
  ];
  const [earliest, latest] = spanOf(rows);
  if (rows.length > 0) await table.ensureDays(connection, earliest, latest);
  let way = how === 'straight' ? 0 : 2;
  for (;;) {
    try {
      const store = ways[way];
      const stored = await inTransaction(connection, batch, async () => {
        if (rows.length === 0 || store === undefined) return 0;
        const wanted = await table.beforeRows(connection, rows);
        erased = rows.length - wanted.length;
        return wanted.length === 0 ? 0 : store(wanted);
      });
      const repeats = batch.rows.length - stored - expired - erased - refused.length;
      return { stored, repeats, expired, erased, refused };
    } catch (error) {
      if (way === 2 || !isRowFault(error)) throw error;
      way = errorCode(error) === ALREADY_THERE && way === 0 ? 1 : 2;
    }
  }
}

/** Classes 22 and 23 of SQLSTATE: what was sent is wrong, and would be wrong again. */
function isRowFault(error: unknown): boolean {
  return /^2[23][0-9A-Z]{3}$/.test(errorCode(error)) && !isDayMissing(error);
}

/**
 * Whether an error may be about what was sent. Besides the above: somebody's check of a view 44, limits of one row 54, somebody's
 * trigger P0. All others are about the server or the table (a damaged index XX), and rows are not thrown away for that.
 */
export function isMaybeRowFault(error: unknown): boolean {
  return isRowFault(error) || /^(44|54|P0)[0-9A-Z]{3}$/.test(errorCode(error));
}

/** PostgreSQL says it as a check that has no name: the table has no part for the row's day. */
function isDayMissing(error: unknown): boolean {
  return errorCode(error) === '23514' && (error as { readonly constraint?: unknown }).constraint === undefined;
}

/** The key of the table: the first of several readings of the same moment counts. */
function dropRepeats(rows: readonly Observation[]): Observation[] {
  const seen = new Set<string>();
  return rows.filter(({ deviceId, metric, ts }) => {
    const key = `${deviceId} ${metric} ${ts}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function spanOf(rows: readonly Observation[]): [number, number] {
  let earliest = Infinity;
  let latest = -Infinity;
  for (const { ts } of rows) {
    earliest = Math.min(earliest, ts);
    latest = Math.max(latest, ts);
  }
  return [earliest, latest];
}

async function inTransaction(
  connection: WriterConnection,
  { spool, from, to }: Batch,
  work: () => Promise<number>,
): Promise<number> {
  await connection.query('begin');
  try {
    // First of all: whoever else moves this cursor is waited for here, before any row is sent.
    const { rowCount } = await connection.query(CAS, [spool, from, to]);
    if (rowCount !== 1) throw new CursorMovedError();
    const stored = await work();
    await connection.query('commit');
    return stored;
  } catch (error) {
    // Where that fails too the connection is gone, and with it the transaction.
    await connection.query('rollback').catch(() => connection.cut());
    throw error;
  }
}

async function merge(
  connection: WriterConnection,
  table: ObservationsTable,
  rows: readonly Observation[],
): Promise<number> {
  await connection.query(table.makeStaging);
  await connection.copy(table.copyStaging, encodeCopy(rows));
  return (await connection.query(table.mergeStaging)).rowCount ?? 0;
}

async function mergeByHalves(
  connection: WriterConnection,
  table: ObservationsTable,
  rows: readonly Observation[],
  refused: Refused[],
): Promise<number> {
  const [first] = rows;
  if (first === undefined) return 0;
  await connection.query('savepoint half');
  try {
    const stored = await merge(connection, table, rows);
    await connection.query('release savepoint half');
    return stored;
  } catch (error) {
    if (connection.isBroken() || !isMaybeRowFault(error)) throw error;
    await connection.query('rollback to savepoint half');
    if (rows.length === 1) {
      refused.push({ row: first, code: errorCode(error) });
      return 0;
    }
  }
  const middle = rows.length >> 1;
  const before = await mergeByHalves(connection, table, rows.slice(0, middle), refused);
  return before + (await mergeByHalves(connection, table, rows.slice(middle), refused));
}
