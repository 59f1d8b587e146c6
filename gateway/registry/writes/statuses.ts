import type { RecordedStatus, ResidentStatusNew } from '../../api/contract/registry.ts';
import { formatIso } from '../../clock.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';

/** So many lines of a history are shown, the newest first (chosen). */
const SHOWN = 200;

/** Records how things stand with a resident, from now unless it says so; earlier records stay. @throws RegistryError */
export async function insertStatus(
  db: Queryable,
  residentId: string,
  status: ResidentStatusNew,
  by: { readonly nowMs: number; readonly actor: string },
): Promise<void> {
  const fromMs = status.from === undefined ? by.nowMs : readTime(status.from, '/from');
  const untilMs = status.until === undefined || status.until === null ? null : readTime(status.until, '/until');
  if (untilMs !== null && untilMs <= fromMs) {
    throw new RegistryError('bad-request', '/until', 'It must end after it begins');
  }
  const found = await queryRows(db, 'find a resident', 'select 1 from residents where id = $1', [residentId]);
  if (found.length === 0) throw new RegistryError('not-found', '/id', `There is no resident ${residentId}`);
  await queryRows(
    db,
    'record a status',
    `insert into resident_statuses (resident_id, kind, valid_from, valid_until, note, recorded_at, recorded_by)
     values ($1, $2, to_timestamp($3 / 1000.0), to_timestamp($4 / 1000.0), $5, to_timestamp($6 / 1000.0), $7)`,
    [residentId, status.kind, fromMs, untilMs, status.note ?? null, by.nowMs, by.actor],
  );
}

/** What was recorded about a resident, the newest first. */
export async function loadStatuses(db: Queryable, residentId: string): Promise<RecordedStatus[]> {
  const rows = await queryRows<
    Pick<RecordedStatus, 'kind' | 'note' | 'recordedBy'> & { from: number; until: number | null; recordedAt: number }
  >(
    db,
    'load statuses',
    `select kind, (extract(epoch from valid_from) * 1000)::float8 as "from",
       (extract(epoch from valid_until) * 1000)::float8 as "until", note,
       (extract(epoch from recorded_at) * 1000)::float8 as "recordedAt", recorded_by as "recordedBy"
     from resident_statuses where resident_id = $1 order by id desc limit ${SHOWN}`,
    [residentId],
  );
  return rows.map((row) => ({
    ...row,
    from: formatIso(row.from),
    until: row.until === null ? null : formatIso(row.until),
    recordedAt: formatIso(row.recordedAt),
  }));
}

/** The schema lets through what no calendar has, such as a leap second. */
function readTime(text: string, path: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RegistryError('bad-request', path, 'This time does not exist');
  return ms;
}
