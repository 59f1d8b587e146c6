import type { Pool } from 'pg';
import { formatIso } from '../../clock.ts';
import { inTransaction, queryRows, type Queryable } from '../../store/postgres.ts';
import { calcPart, HOURS, READINGS, type Part } from './days.ts';
import { loadParts, makeParts } from './parts.ts';
import { planPiece } from './plan-piece.ts';
import { HOUR_AGGREGATES, HOUR_COLUMNS, HOURS_LOCK, ORIGIN } from './table.ts';

const ACTION = 'close hours';
const HOUR_MS = 60 * 60 * 1000;
/** Late hours of one transaction; chosen. */
const MOST_DIRTY = 5000;

type Mark = { readonly closingMs: number; readonly doneMs: number };

/**
 * Closes the hours that ended an hour ago, as the database's clock has it, and does those again that late readings came to.
 * Native kind only. Several gateways take turns. Late readings from before `keptFromMs` change nothing any more: the others
 * of their hour are gone.
 */
export async function closeHours(deps: {
  readonly pool: Pool;
  /** Hours that end by then are closed; never later than an hour ago. */
  readonly nowMs: number;
  readonly keptFromMs: number;
  readonly getsOn: () => void;
}): Promise<void> {
  const { pool, nowMs, keptFromMs, getsOn } = deps;
  const limit = formatIso(Math.floor(nowMs / HOUR_MS) * HOUR_MS - HOUR_MS);
  // By itself and short: it waits for every writer that has not heard of it yet (they hold a key share).
  const closingMs = await inTransaction(pool, ACTION, async (db) => {
    await queryRows(db, ACTION, 'select from observations_mark for update');
    const [mark] = await queryRows<Pick<Mark, 'closingMs'>>(
      db,
      ACTION,
      `update observations_mark set closing = greatest(closing, least($1, date_bin('1 hour', now(), '${ORIGIN}') - interval '1 hour'))
       returning (extract(epoch from closing) * 1000)::float8 as "closingMs"`,
      [limit],
    );
    return mark?.closingMs ?? -Infinity;
  });
  // After that: of a day that is not among these, every reading before it has its note.
  const days = await loadParts(pool, READINGS);
  // Not where the pieces are closed: who drops days waits for those who read them.
  const hours = [
    ...new Map(days.map(({ fromMs }) => calcPart(HOURS, fromMs)).map((part) => [part.name, part])).values(),
  ];
  await inTransaction(pool, ACTION, (db) => makeParts(db, HOURS, hours));
  for (let isOver = false; !isOver;) {
    isOver = await inTransaction(pool, ACTION, (db) => closePiece(db, { closingMs, days, hours, keptFromMs }));
    getsOn();
  }
}

/** What a turn found at its beginning. It goes no further, also where another gateway has meanwhile. */
type Known = {
  readonly closingMs: number;
  readonly days: readonly Part[];
  readonly hours: readonly Part[];
  readonly keptFromMs: number;
};

async function closePiece(db: Queryable, { closingMs, days, hours, keptFromMs }: Known): Promise<boolean> {
  const run = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
  const [lock] = await run<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [HOURS_LOCK]);
  if (lock?.mine !== true) return true;
  const [mark] = await run<Pick<Mark, 'doneMs'>>(
    'select (extract(epoch from done) * 1000)::float8 as "doneMs" from observations_mark',
  );
  if (mark === undefined || closingMs === -Infinity) return true;
  const piece = planPiece(mark.doneMs, closingMs, days);
  const untilMs = piece?.untilMs ?? mark.doneMs;
  // First of all: a reading that comes after this has a note of its own, one that came before is seen below. A note that
  // somebody holds who is writing just now is left for the next turn.
  const dirty = await run<{ deviceId: string; metric: string; bucket: string; bucketMs: number }>(
    `with first as (
       select device_id, metric, bucket from observations_dirty
       where bucket < $1 and (bucket < $2 or exists (
         select from unnest($3::timestamptz[], $4::timestamptz[]) as part (since, until) where bucket >= since and bucket < until))
       order by bucket limit ${MOST_DIRTY} for update skip locked)
     delete from observations_dirty as d using first
     where (d.device_id, d.metric, d.bucket) = (first.device_id, first.metric, first.bucket)
     returning d.device_id as "deviceId", d.metric, d.bucket::text, (extract(epoch from d.bucket) * 1000)::float8 as "bucketMs"`,
    [
      ...[formatIso(untilMs), formatIso(keptFromMs)],
      ...[hours.map(({ fromMs }) => formatIso(fromMs)), hours.map((part) => formatIso(part.untilMs))],
    ],
  );
  if (piece !== null && piece.fromMs < piece.untilMs) {
    await fill(db, piece.fromMs, piece.untilMs);
  }
  // Also what the piece passes over: days that had nothing when the turn began.
  const filledFromMs = piece?.fromMs ?? untilMs;
  const again = dirty.filter(({ bucketMs }) => bucketMs < filledFromMs && bucketMs >= keptFromMs);
  if (again.length > 0) await redo(db, again);
  // Waits for no writer: one that holds the mark may be waiting for the notes that were taken above.
  if (piece !== null) await run('update observations_mark set done = $1', [formatIso(untilMs)]);
  return untilMs >= closingMs && dirty.length < MOST_DIRTY;
}

async function fill(db: Queryable, fromMs: number, untilMs: number): Promise<void> {
  await queryRows(
    db,
    ACTION,
    `insert into observations_hourly (${HOUR_COLUMNS})
     select resident_id, device_id, metric, date_bin('1 hour', ts, '${ORIGIN}'), ${HOUR_AGGREGATES}
     from observations where ts >= $1 and ts < $2 group by 1, 2, 3, 4`,
    [formatIso(fromMs), formatIso(untilMs)],
  );
}

async function redo(
  db: Queryable,
  hours: readonly { readonly deviceId: string; readonly metric: string; readonly bucket: string }[],
): Promise<void> {
  const keys = [
    hours.map(({ deviceId }) => deviceId),
    hours.map(({ metric }) => metric),
    hours.map(({ bucket }) => bucket),
  ];
  const late = 'unnest($1::text[], $2::text[], $3::timestamptz[]) as late (device_id, metric, bucket)';
  await queryRows(
    db,
    ACTION,
    `delete from observations_hourly as h using ${late}
     where (h.device_id, h.metric, h.bucket) = (late.device_id, late.metric, late.bucket)`,
    keys,
  );
  // Hour by hour: joined at once, the server reads all days there are for a few late hours.
  await queryRows(
    db,
    ACTION,
    `insert into observations_hourly (${HOUR_COLUMNS})
     select hour.resident_id, late.device_id, late.metric, late.bucket,
       min, max, sum, count, flagged_min, flagged_max, flagged, flags
     from ${late} cross join lateral (
       select o.resident_id, ${HOUR_AGGREGATES} from observations as o
       where o.device_id = late.device_id and o.metric = late.metric
         and o.ts >= late.bucket and o.ts < late.bucket + interval '1 hour'
       group by o.resident_id) as hour`,
    keys,
  );
}
