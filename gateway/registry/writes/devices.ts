import type { DeviceNew } from '../../api/contract/registry.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { hashSecret } from '../build-directory.ts';
import { RegistryError } from '../registry-error.ts';
import { requireHome } from './homes.ts';
import { claimId } from './ids.ts';

/**
 * Adds a device with its secret. Without `homeId` it hangs in the home that all its residents share; where they live
 * apart, it is bound to none. @throws RegistryError
 */
export async function insertDevice(
  db: Queryable,
  device: DeviceNew,
  secret: string,
  newId: () => string,
): Promise<string> {
  const residentIds = [...new Set(device.residentIds)];
  const homesOfResidents = await findHomes(db, residentIds);
  if (device.homeId !== undefined) await requireHome(db, device.homeId);
  const id = await claimId(db, 'devices', device.id, newId);
  const homeId = device.homeId ?? (homesOfResidents.length === 1 ? homesOfResidents[0] : null);
  await queryRows(
    db,
    'add a device',
    'insert into devices (id, model, secret_sha256, home_id, place) values ($1, $2, $3, $4, $5)',
    [id, device.model, hashSecret(Buffer.from(secret)), homeId, device.place ?? null],
  );
  await queryRows(
    db,
    'bind a device',
    'insert into device_residents (device_id, resident_id) select $1, unnest($2::text[])',
    [id, residentIds],
  );
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
}

async function findHomes(db: Queryable, residentIds: readonly string[]): Promise<string[]> {
  const found = await queryRows<{ id: string; homeId: string }>(
    db,
    'find residents',
    'select id, home_id as "homeId" from residents where id = any($1)',
    [residentIds],
  );
  const missing = residentIds.find((id) => !found.some((row) => row.id === id));
  if (missing !== undefined) {
    throw new RegistryError('not-found', '/residentIds', `There is no resident ${missing}`);
  }
  return [...new Set(found.map((row) => row.homeId))];
}
