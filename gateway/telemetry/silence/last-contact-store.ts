import type { Pool } from 'pg';
import { formatIso } from '../../clock.ts';
import { AHEAD } from '../../history/contact-store.ts';
import { queryRows } from '../../store/postgres.ts';

export type KnownContact = { readonly deviceId: string; readonly atMs: number };

const BATCH = 2000;

/**
 * Keeps when devices were last heard; an older moment never takes the place of a newer one, unless that lies ahead. What a gateway
 * with a wrong clock tells as ahead is heard now. @throws StoreError
 */
export async function saveLastContacts(pool: Pool, gatewayId: string, rows: readonly KnownContact[]): Promise<void> {
  for (let begin = 0; begin < rows.length; begin += BATCH) {
    const batch = rows.slice(begin, begin + BATCH);
    await queryRows(
      pool,
      'keep last contacts',
      `insert into device_last_contacts as known (device_id, gateway_id, at)
       select device_id, $1, case when at > ${AHEAD} then now() else at end
       from unnest($2::text[], $3::timestamptz[]) as row (device_id, at) order by device_id
       on conflict (device_id) do update set gateway_id = excluded.gateway_id, at = excluded.at 
       where excluded.at > known.at or known.at > ${AHEAD}`,
      [gatewayId, batch.map(({ deviceId }) => deviceId), batch.map(({ atMs }) => formatIso(atMs))],
    );
  }
}

/** When every device was last heard, by whichever gateway; what lies ahead is left out. @throws StoreError */
export async function loadLastContacts(pool: Pool): Promise<readonly KnownContact[]> {
  return queryRows<KnownContact>(
    pool,
    'read last contacts',
    `select device_id as "deviceId", (extract(epoch from at) * 1000)::float8 as "atMs" from device_last_contacts
     where at <= ${AHEAD}`,
  );
}
