import type { Pool } from 'pg';
import { formatIso } from '../../clock.ts';
import { queryRows } from '../../store/postgres.ts';

export type KnownContact = { readonly deviceId: string; readonly atMs: number };

const BATCH = 2000;

/** Keeps when devices were last heard; an older moment never takes the place of a newer one. @throws StoreError */
export async function saveLastContacts(pool: Pool, gatewayId: string, rows: readonly KnownContact[]): Promise<void> {
  for (let begin = 0; begin < rows.length; begin += BATCH) {
    const batch = rows.slice(begin, begin + BATCH);
    await queryRows(
      pool,
      'keep last contacts',
      `insert into device_last_contacts as known (device_id, gateway_id, at)
       select device_id, $1, at from unnest($2::text[], $3::timestamptz[]) as row (device_id, at) order by device_id
       on conflict (device_id) do update set gateway_id = excluded.gateway_id, at = excluded.at where excluded.at > known.at`,
      [gatewayId, batch.map(({ deviceId }) => deviceId), batch.map(({ atMs }) => formatIso(atMs))],
    );
  }
}

/** When every device was last heard, by whichever gateway. @throws StoreError */
export async function loadLastContacts(pool: Pool): Promise<readonly KnownContact[]> {
  return queryRows<KnownContact>(
    pool,
    'read last contacts',
    'select device_id as "deviceId", (extract(epoch from at) * 1000)::float8 as "atMs" from device_last_contacts',
  );
}
