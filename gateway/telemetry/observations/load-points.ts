import { READING_FLAGS } from '../../../devices/reading.ts';
import type { FlaggedPoint, ObservationPoint } from '../../api/contract/observations.ts';
import { formatIso } from '../../clock.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { loadWorn } from './load-worn.ts';
import type { Span } from './span.ts';
import { HOUR_AGGREGATES } from './table.ts';

const ACTION = 'read observations';

/** The same text on either server. Found by device, which is the key; `$2` says whose of them. */
const where = (time: string): string =>
  `where device_id = any($1) and resident_id = $2 and metric = $3 and ${time} >= $4 and ${time} < $5 group by 1 order by 1`;
const bin = (time: string): string =>
  `(extract(epoch from date_bin($6::interval, ${time}, $7::timestamptz)) * 1000)::float8 as t`;

export const POINTS_SQL = {
  hours: `select ${bin('bucket')}, min(min) as min, max(max) as max, sum(sum) as sum, sum(count)::float8 as count,
      min(flagged_min) as flagged_min, max(flagged_max) as flagged_max, sum(flagged)::float8 as flagged, bit_or(flags) as flags
    from observations_hour ${where('bucket')}`,
  readings: `select ${bin('ts')}, ${HOUR_AGGREGATES.replaceAll(/count\(\*\) filter \(where [^)]*\)/g, '($&)::float8')}
    from observations ${where('ts')}`,
} as const satisfies Record<Span['from'], string>;

export function pointsValues(of: PointsOf, span: Span): unknown[] {
  const { fromMs, toMs, stepMs, originMs } = span;
  const times = [formatIso(fromMs), formatIso(toMs), `${stepMs / 1000} seconds`, formatIso(originMs)];
  return [of.deviceIds, of.residentId, of.metric, ...times];
}

type PointsOf = { readonly deviceIds: readonly string[]; readonly residentId: string; readonly metric: string };

type Row = {
  readonly t: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly sum: number | null;
  readonly count: number;
  readonly flagged_min: number | null;
  readonly flagged_max: number | null;
  readonly flagged: number;
  readonly flags: number;
};

export type Points = { readonly points: ObservationPoint[]; readonly flagged: FlaggedPoint[] };

/** One metric of a person over a span, whichever devices they wore. @throws StoreError */
export async function loadPoints(
  db: Queryable,
  of: { readonly residentId: string; readonly metric: string },
  span: Span,
): Promise<Points> {
  const deviceIds = await loadWorn(db, of.residentId);
  if (deviceIds.length === 0) return { points: [], flagged: [] };
  const values = pointsValues({ ...of, deviceIds }, span);
  return toPoints(await queryRows<Row>(db, ACTION, POINTS_SQL[span.from], values));
}

function toPoints(rows: readonly Row[]): Points {
  const points: ObservationPoint[] = [];
  const flagged: FlaggedPoint[] = [];
  for (const row of rows) {
    const t = formatIso(row.t);
    if (row.min !== null && row.max !== null && row.sum !== null) {
      points.push({ t, min: row.min, avg: row.sum / row.count, max: row.max, count: row.count });
    }
    if (row.flagged_min !== null && row.flagged_max !== null) {
      const flags = listFlags(row.flags);
      flagged.push({ t, min: row.flagged_min, max: row.flagged_max, count: row.flagged, flags });
    }
  }
  return { points, flagged };
}

const FLAG_NAMES = [
  ['not-worn', READING_FLAGS.notWorn],
  ['poor', READING_FLAGS.poor],
  ['implausible', READING_FLAGS.implausible],
  ['clock', READING_FLAGS.clock],
  ['unknown-unit', READING_FLAGS.unknownUnit],
] as const;

function listFlags(bits: number): FlaggedPoint['flags'] {
  return FLAG_NAMES.filter(([, bit]) => (bits & bit) !== 0).map(([name]) => name);
}
