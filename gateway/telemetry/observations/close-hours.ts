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
  // By itself and short: it waits for every writer that has not heard of it yet.
  await queryRows(
    pool,
    ACTION,
    `update observations_mark set closing = greatest(closing, least($1, date_bin('1 hour', now(), '${ORIGIN}') - interval '1 hour'))`,
    [limit],
  );
  const days = await loadParts(pool, READINGS);
  // Not where the pieces are closed: who drops days waits for those who read them.
  const hours = new Map(days.map(({ fromMs }) => calcPart(HOURS, fromMs)).map((part) => [part.name, part]));
  await inTransaction(pool, ACTION, (db) => makeParts(db, HOURS, [...hours.values()]));
  for (let isOver = false; !isOver;) {
    isOver = await inTransaction(pool, ACTION, (db) => closePiece(db, days, keptFromMs));
    getsOn();
  }
}

async function closePiece(db: Queryable, days: readonly Part[], keptFromMs: number): Promise<boolean> {
  const run = <Row>(sql: string, values: readonly unknown[] = []) => queryRows<Row>(db, ACTION, sql, values);
  const [lock] = await run<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [HOURS_LOCK]);
  if (lock?.mine !== true) return true;
  const [mark] = await run<Mark>(
    `select (extract(epoch from closing) * 1000)::float8 as "closingMs",
       (extract(epoch from done) * 1000)::float8 as "doneMs" from observations_mark`,
  );
  if (mark === undefined || mark.closingMs === -Infinity) return true;
  const piece = planPiece(mark.doneMs, mark.closingMs, days);
  const untilMs = piece?.untilMs ?? mark.doneMs;
  // First of all: a reading that comes after this has a mark of its own, one that came before is seen below.
  const dirty = await run<{ deviceId: string; metric: string; bucket: string; bucketMs: number }>(
    `with first as (select device_id, metric, bucket from observations_dirty where bucket < $1 order by bucket limit ${MOST_DIRTY})
     delete from observations_dirty as d using first
     where (d.device_id, d.metric, d.bucket) = (first.device_id, first.metric, first.bucket)
     returning d.device_id as "deviceId", d.metric, d.bucket::text, (extract(epoch from d.bucket) * 1000)::float8 as "bucketMs"`,
    [formatIso(untilMs)],
  );
  if (piece !== null && piece.fromMs < piece.untilMs) {
    await fill(db, piece.fromMs, piece.untilMs);
  }
  const again = dirty.filter(({ bucketMs }) => bucketMs < mark.doneMs && bucketMs >= keptFromMs);
  if (again.length > 0) await redo(db, again);
  if (piece !== null) await run('update observations_mark set done = $1', [formatIso(untilMs)]);
  return untilMs >= mark.closingMs && dirty.length < MOST_DIRTY;
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
