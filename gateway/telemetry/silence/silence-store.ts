import type { Pool } from 'pg';
import { loadHearers } from '../../history/missed-heartbeats.ts';
import { queryRows } from '../../store/postgres.ts';

export type Asked = { readonly deviceId: string; readonly lastMs: number };

export type Judged = {
  /** Devices whose last sign of life another gateway had. */
  readonly elsewhere: ReadonlySet<string>;
  /** Devices whose silence has had a case within `againMs` that a person closed: they know. */
  readonly told: ReadonlySet<string>;
};

/** What the database knows of devices that are silent here. @throws StoreError */
export async function judgeSilent(
  pool: Pool,
  gatewayId: string,
  asked: readonly Asked[],
  againMs: number,
): Promise<Judged> {
  const ids = asked.map(({ deviceId }) => deviceId);
  const hearers = await loadHearers(pool, ids);
  const cases = await queryRows<{ deviceId: string; openedMs: number }>(
    pool,
    'read cases of silent devices',
    `select device_id as "deviceId", (extract(epoch from max(opened_at)) * 1000)::float8 as "openedMs" from incidents
     where device_id = any($1) and type = 'silent' and opened_at > now() - $2 * interval '1 millisecond'
       and record::jsonb #>> '{resolution,by}' not like 'device:%'
     group by device_id`,
    [ids, againMs],
  );
  const openedMs = new Map(cases.map((row) => [row.deviceId, row.openedMs]));
  return {
    elsewhere: new Set(ids.filter((id) => (hearers.get(id) ?? gatewayId) !== gatewayId)),
    told: new Set(
      asked.filter(({ deviceId, lastMs }) => (openedMs.get(deviceId) ?? -1) > lastMs).map(({ deviceId }) => deviceId),
    ),
  };
}
