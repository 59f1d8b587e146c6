import type { DeviceNew } from '../../api/contract/registry.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { hashSecret } from '../build-directory.ts';
import { RegistryError } from '../registry-error.ts';
import { endAddresses, insertAddresses, type PlannedAddress } from './addresses.ts';
import { insertBinding, resolveBinding, type WrittenBy } from './bindings.ts';
import { claimId } from './ids.ts';

/** The secret is kept only as its SHA-256 and cannot be shown again. */
export type DeviceAdded = { readonly id: string; readonly secret: string };

/** Adds a device with its secret, and binds it as `resolveBinding` says. @throws RegistryError */
export async function insertDevice(
  db: Queryable,
  device: DeviceNew,
  made: WrittenBy & {
    readonly secret: string;
    readonly newId: () => string;
    readonly addresses: readonly PlannedAddress[];
  },
): Promise<string> {
  const { homeId, residentIds = [], place } = device;
  const wished = {
    residentIds,
    ...(homeId === undefined ? {} : { homeId }),
    ...(place === undefined ? {} : { place }),
  };
  const target = await resolveBinding(db, wished);
  const id = await claimId(db, 'devices', device.id, made.newId);
  await queryRows(db, 'add a device', 'insert into devices (id, model, secret_sha256) values ($1, $2, $3)', [
    id,
    device.model,
    hashSecret(Buffer.from(made.secret)),
  ]);
  await insertBinding(db, id, 1, target, made);
  await insertAddresses(db, id, made.addresses, made.nowMs);
  return id;
}

/** Ends a device's service; it stays known by name, and the first end counts. @throws RegistryError `not-found` */
export async function retireDevice(db: Queryable, id: string, nowMs: number): Promise<void> {
  const found = await queryRows(
    db,
    'retire a device',
    'update devices set retired_at = coalesce(retired_at, to_timestamp($2 / 1000.0)) where id = $1 returning id',
    [id, nowMs],
  );
  if (found.length === 0) throw new RegistryError('not-found', '/id', `There is no device ${id}`);
  await endAddresses(db, id, nowMs);
}

/** Gives a device another secret; the old one counts no longer. @throws RegistryError `not-found`, `conflict` */
export async function replaceSecret(db: Queryable, id: string, secret: string): Promise<void> {
  const found = await queryRows<{ isRetired: boolean }>(
    db,
    'replace a secret',
    `update devices set secret_sha256 = case when retired_at is null then $2 else secret_sha256 end
     where id = $1 returning retired_at is not null as "isRetired"`,
    [id, hashSecret(Buffer.from(secret))],
  );
  const [device] = found;
  if (device === undefined) throw new RegistryError('not-found', '/id', `There is no device ${id}`);
  if (device.isRetired) throw new RegistryError('conflict', '/id', `Device ${id} has ended its service`);
}
