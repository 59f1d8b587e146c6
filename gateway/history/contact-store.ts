import type { Pool } from 'pg';
import { formatIso } from '../clock.ts';
import { coalesce } from '../registry/coalesce.ts';
import { queryRows } from '../store/postgres.ts';
import type { ContactLog } from './contact-log.ts';
import type { ContactKind, ContactRow } from './contact-row.ts';
import { keepable } from './log-line.ts';

const BATCH = 2000;
/** What lies further ahead of the database's clock was told by a clock that is wrong, or was. Design §5, "now + 1 h". */
export const AHEAD = `now() + interval '1 hour'`;

/**
 * Keeps what waits when it is called. Several who ask at once share a run: two runs would take the same rows from the log,
 * keep them twice and settle others that nobody kept. The promise rejects with StoreError.
 */
export function createContactKeeper(pool: Pool, gatewayId: string, log: ContactLog): () => Promise<void> {
  return coalesce(() => saveContacts(pool, gatewayId, log));
}

/**
 * A batch a statement, until nothing waits. What lies ahead is kept as heard now, or it would be the newest for years. An answer
 * that was lost may keep a batch twice. @throws StoreError
 */
async function saveContacts(pool: Pool, gatewayId: string, log: ContactLog): Promise<void> {
  for (;;) {
    const rows = log.take(BATCH);
    if (rows.length === 0) return;
    await queryRows(
      pool,
      'keep device contacts',
      `insert into device_contacts (device_id, gateway_id, kind, at, data)
       select device_id, $1, kind, case when at > ${AHEAD} then now() else at end, data
       from unnest($2::text[], $3::text[], $4::timestamptz[], $5::text[]) as row (device_id, kind, at, data)`,
      [
        gatewayId,
        rows.map(({ deviceId }) => (deviceId === null ? null : keepable(deviceId))),
        rows.map(({ kind }) => kind),
        rows.map(({ atMs }) => formatIso(atMs)),
        rows.map(({ data }) => keepable(JSON.stringify(data))),
      ],
    );
    log.settle(rows.length);
  }
}

export type StoredContact = ContactRow & { readonly gatewayId: string };

/** What is known of a device in a span of time, oldest first, at most `limit`. @throws StoreError */
export async function loadContacts(
  pool: Pool,
  deviceId: string,
  span: { readonly fromMs: number; readonly toMs: number },
  limit: number,
): Promise<StoredContact[]> {
  return readRows(pool, 'device_id = $1 and at >= $2 and at <= $3 order by at, id limit $4', [
    deviceId,
    formatIso(span.fromMs),
    formatIso(span.toMs),
    limit,
  ]);
}

/** The last sign of life before a moment and the first after it; null where there is none. @throws StoreError */
export async function loadContactsAround(
  pool: Pool,
  deviceId: string,
  atMs: number,
): Promise<{ readonly before: StoredContact | null; readonly after: StoredContact | null }> {
  const alive = `device_id = $1 and kind in ('connected', 'heard', 'heard-again', 'disconnected')`;
  const values = [deviceId, formatIso(atMs)];
  const [before] = await readRows(pool, `${alive} and at <= $2 order by at desc, id desc limit 1`, values);
  const [after] = await readRows(pool, `${alive} and at > $2 order by at, id limit 1`, values);
  return { before: before ?? null, after: after ?? null };
}

/**
 * The newest row of one of these kinds of each device that has any, but for what lies ahead; by index, device by device.
 * @throws StoreError
 */
export async function loadNewestContacts(
  pool: Pool,
  deviceIds: readonly string[],
  kinds: readonly ContactKind[],
): Promise<ReadonlyMap<string, StoredContact>> {
  const rows = await readRows(
    pool,
    `id in (select newest.id from unnest($1::text[]) as device cross join lateral (
       select id from device_contacts where device_id = device and kind = any($2) and at <= ${AHEAD}
       order by at desc, id desc limit 1
     ) as newest)`,
    [deviceIds, kinds],
  );
  return new Map(rows.flatMap((row) => (row.deviceId === null ? [] : [[row.deviceId, row] as const])));
}

async function readRows(pool: Pool, condition: string, values: readonly unknown[]): Promise<StoredContact[]> {
  const rows = await queryRows<Omit<StoredContact, 'data'> & { data: string }>(
    pool,
    'read device contacts',
    `select device_id as "deviceId", gateway_id as "gatewayId", kind, (extract(epoch from at) * 1000)::float8 as "atMs", data
     from device_contacts where ${condition}`,
    values,
  );
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as StoredContact['data'] }));
}
