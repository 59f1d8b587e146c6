import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';

/** An address as it is to be kept: canonical, and the key in hexadecimal. */
export type PlannedAddress = {
  readonly kind: 'account' | 'number';
  readonly receiver: string | null;
  readonly value: string;
  readonly key: string | null;
  readonly heartbeatS: number | null;
};

/** Gives a device addresses that no other in service has. @throws RegistryError `conflict` */
export async function insertAddresses(
  db: Queryable,
  deviceId: string,
  addresses: readonly PlannedAddress[],
  nowMs: number,
): Promise<void> {
  for (const { kind, receiver, value, key, heartbeatS } of addresses) {
    const added = await queryRows(
      db,
      'add an address',
      `insert into device_addresses (device_id, kind, receiver, value, aes_key, heartbeat_s, added_at, confirmed_at)
       values ($1, $2, $3, $4, decode($5, 'hex'), $6, to_timestamp($7 / 1000.0), to_timestamp($7 / 1000.0))
       on conflict (kind, value, coalesce(receiver, '')) where ended_at is null do nothing returning id`,
      [deviceId, kind, receiver, value, key, heartbeatS, nowMs],
    );
    if (added.length === 0)
      throw new RegistryError('conflict', `/${kind}`, `This ${kind} belongs to a device in service`);
  }
}

/** Gives a device in service more addresses. @throws RegistryError `not-found`, `conflict` */
export async function addAddresses(
  db: Queryable,
  deviceId: string,
  addresses: readonly PlannedAddress[],
  nowMs: number,
): Promise<void> {
  const [device] = await queryRows<{ isRetired: boolean }>(
    db,
    'find a device',
    'select retired_at is not null as "isRetired" from devices where id = $1',
    [deviceId],
  );
  if (device === undefined) throw new RegistryError('not-found', '/id', `There is no device ${deviceId}`);
  if (device.isRetired) throw new RegistryError('conflict', '/id', `Device ${deviceId} has ended its service`);
  await insertAddresses(db, deviceId, addresses, nowMs);
}

/** What comes from there is a stranger's again. @throws RegistryError `not-found` */
export async function removeAddress(db: Queryable, deviceId: string, id: number): Promise<void> {
  const gone = await queryRows(
    db,
    'remove an address',
    'delete from device_addresses where device_id = $1 and id = $2 returning id',
    [deviceId, id],
  );
  if (gone.length === 0) throw new RegistryError('not-found', '/addressId', 'This device has no such address');
}

/** With the service of their device: still known by it, until another has them. */
export async function endAddresses(db: Queryable, deviceId: string, nowMs: number): Promise<void> {
  await queryRows(
    db,
    'end addresses',
    `update device_addresses set ended_at = to_timestamp($2 / 1000.0) where device_id = $1 and ended_at is null`,
    [deviceId, nowMs],
  );
}

/**
 * Their device was taken from a home: a landline stays there and rings on as somebody else's, so what came until now proves nothing any
 * more. Accounts go with their device.
 */
export async function doubtNumbers(db: Queryable, deviceId: string): Promise<void> {
  await queryRows(
    db,
    'doubt numbers',
    `update device_addresses set confirmed_at = null, seen_at = null
     where device_id = $1 and kind = 'number' and ended_at is null`,
    [deviceId],
  );
}

/** Somebody made sure that the numbers of a device are still its own; one without a number has nothing to confirm. */
export async function confirmNumbers(db: Queryable, deviceId: string, nowMs: number): Promise<void> {
  await queryRows(
    db,
    'confirm numbers',
    `update device_addresses set confirmed_at = to_timestamp($2 / 1000.0)
     where device_id = $1 and kind = 'number' and ended_at is null`,
    [deviceId, nowMs],
  );
}

/** When something last came from numbers; those that were taken away meanwhile are none, nor those that are in doubt since. */
export async function saveSeen(
  db: Queryable,
  seen: readonly { readonly id: number; readonly atMs: number }[],
): Promise<void> {
  await queryRows(
    db,
    'keep when numbers were seen',
    `update device_addresses set seen_at = to_timestamp(seen.at / 1000.0)
     from unnest($1::float8[], $2::float8[]) as seen (id, at) where device_addresses.id = seen.id::bigint and confirmed_at is not null`,
    [seen.map(({ id }) => id), seen.map(({ atMs }) => atMs)],
  );
}
