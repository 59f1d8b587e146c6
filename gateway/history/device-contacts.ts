import type { Pool } from 'pg';
import type { DeviceContact, DeviceContacts } from '../api/contract/history.ts';
import { formatIso } from '../clock.ts';
import { queryRows } from '../store/postgres.ts';
import { loadContacts, loadContactsAround, type StoredContact } from './contact-store.ts';
import { loadGatewayTimes, type Span } from './gateway-times.ts';

/** So many rows are shown of a device. */
const SHOWN = 1000;

/** What came of a device in a span, the last before and the first after it, and whether anybody could have heard it. */
export async function loadDeviceContacts(
  pool: Pool,
  deviceId: string,
  span: Span,
  nowMs: number,
): Promise<DeviceContacts> {
  const items = await loadContacts(pool, deviceId, span, SHOWN + 1);
  const { before } = await loadContactsAround(pool, deviceId, span.fromMs - 1);
  const { after } = await loadContactsAround(pool, deviceId, span.toMs);
  const incidents = await queryRows<{ id: string; type: string; openedAt: number; state: string }>(
    pool,
    'read cases of a device',
    `select id, type, (extract(epoch from opened_at) * 1000)::float8 as "openedAt", state from incidents
     where device_id = $1 and opened_at >= $2 and opened_at <= $3 order by opened_at limit ${SHOWN}`,
    [deviceId, formatIso(span.fromMs), formatIso(span.toMs)],
  );
  return {
    deviceId,
    from: formatIso(span.fromMs),
    to: formatIso(span.toMs),
    before: before === null ? null : viewContact(before),
    items: items.slice(0, SHOWN).map(viewContact),
    isCut: items.length > SHOWN,
    after: after === null ? null : viewContact(after),
    gateways: await loadGatewayTimes(pool, span, nowMs),
    incidents: incidents.map((incident) => ({ ...incident, openedAt: formatIso(incident.openedAt) })),
  };
}

function viewContact({ atMs, kind, gatewayId, data }: StoredContact): DeviceContact {
  return { at: formatIso(atMs), kind, gatewayId, data: { ...data } };
}
