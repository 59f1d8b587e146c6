import { formatIso } from '../../clock.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { loadWorn } from './load-worn.ts';

const ACTION = 'read observations';

/** From the hours, by device and time: as many rows as one chart of these metrics reads. The same text on either server. */
const METRICS_SQL = `select distinct metric from observations_hour
  where device_id = any($1) and resident_id = $2 and bucket >= $3 and bucket < $4 order by 1`;

const HOUR_MS = 60 * 60 * 1000;

/** Whole hours around a time; epoch milliseconds. */
export type MetricsSpan = { readonly fromMs: number; readonly toMs: number };

export function roundToHours({ fromMs, toMs }: MetricsSpan): MetricsSpan {
  return { fromMs: Math.floor(fromMs / HOUR_MS) * HOUR_MS, toMs: Math.ceil(toMs / HOUR_MS) * HOUR_MS };
}

/**
 * Which metrics there are of a person over whole hours, whichever devices they wore, also where nothing of it may be scored; in the
 * order of names. @throws StoreError
 */
export async function loadMetrics(db: Queryable, residentId: string, { fromMs, toMs }: MetricsSpan): Promise<string[]> {
  const deviceIds = await loadWorn(db, residentId);
  if (deviceIds.length === 0) return [];
  const values = [deviceIds, residentId, formatIso(fromMs), formatIso(toMs)];
  const rows = await queryRows<{ metric: string }>(db, ACTION, METRICS_SQL, values);
  return rows.map(({ metric }) => metric);
}
