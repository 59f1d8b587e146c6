import type { DeviceBinding, DeviceBindingNew } from '../../api/contract/registry.ts';
import { formatIso } from '../../clock.ts';
import { queryRows, type Queryable } from '../../store/postgres.ts';
import { RegistryError } from '../registry-error.ts';
import { doubtNumbers } from './addresses.ts';
import { requireHome } from './homes.ts';

export type WrittenBy = { readonly nowMs: number; readonly actor: string };

type Target = {
  readonly homeId: string | null;
  readonly residentIds: readonly string[];
  /** Undefined keeps what is there. */
  readonly place: string | null | undefined;
};

type Current = { number: number; homeId: string | null; place: string | null; residentIds: string[]; from: number };

/** So many bindings of one device are shown, the newest first (chosen). */
const SHOWN = 200;

/**
 * Where a device is to belong. Without `homeId` it hangs in the home that all its residents share; where they live apart,
 * in none. @throws RegistryError `not-found`
 */
export async function resolveBinding(db: Queryable, wished: DeviceBindingNew): Promise<Target> {
  const residentIds = [...new Set(wished.residentIds)].toSorted();
  const homesOfResidents = await findHomes(db, residentIds);
  if (wished.homeId !== undefined && wished.homeId !== null) await requireHome(db, wished.homeId);
  const shared = homesOfResidents.length === 1 ? (homesOfResidents[0] ?? null) : null;
  return { homeId: wished.homeId === undefined ? shared : wished.homeId, residentIds, place: wished.place };
}

export async function insertBinding(
  db: Queryable,
  deviceId: string,
  number: number,
  target: Target,
  by: WrittenBy,
): Promise<void> {
  await queryRows(
    db,
    'bind a device',
    `insert into device_bindings (device_id, number, home_id, place, bound_from, bound_by)
     values ($1, $2, $3, $4, to_timestamp($5 / 1000.0), $6)`,
    [deviceId, number, target.homeId, target.place ?? null, by.nowMs, by.actor],
  );
  await queryRows(
    db,
    'bind a device',
    'insert into device_binding_residents (device_id, number, resident_id) select $1, $2, unnest($3::text[])',
    [deviceId, number, target.residentIds],
  );
}

/**
 * Hands a device on: its binding ends and the next begins, and what was before stays. The same home and the same people
 * are the same binding, of which only the place changes. @throws RegistryError
 */
export async function rebindDevice(
  db: Queryable,
  deviceId: string,
  wished: DeviceBindingNew,
  by: WrittenBy,
): Promise<void> {
  const current = await findCurrent(db, deviceId);
  const target = await resolveBinding(db, wished);
  if (current !== undefined && isSameWearer(current, target)) {
    await queryRows(
      db,
      'place a device',
      'update device_bindings set place = $3 where device_id = $1 and number = $2',
      [deviceId, current.number, target.place === undefined ? current.place : target.place],
    );
    return;
  }
  // A clock that went back must not make a binding that ends before it began.
  const nowMs = Math.max(by.nowMs, (current?.from ?? 0) + 1);
  await queryRows(
    db,
    'end a binding',
    'update device_bindings set bound_until = to_timestamp($2 / 1000.0) where device_id = $1 and bound_until is null',
    [deviceId, nowMs],
  );
  await insertBinding(db, deviceId, (current?.number ?? 0) + 1, target, { ...by, nowMs });
  const homeId = current?.homeId ?? null;
  if (homeId !== null && homeId !== target.homeId) await doubtNumbers(db, deviceId);
}

/** What a device belonged to, the newest first. */
export async function loadBindings(db: Queryable, deviceId: string): Promise<DeviceBinding[]> {
  const rows = await queryRows<Omit<DeviceBinding, 'from' | 'until'> & { from: number; until: number | null }>(
    db,
    'load bindings',
    `select b.number, b.home_id as "homeId", b.place, b.bound_by as "boundBy",
       array(select r.resident_id from device_binding_residents r
         where r.device_id = b.device_id and r.number = b.number order by r.resident_id collate "C") as "residentIds",
       (extract(epoch from b.bound_from) * 1000)::float8 as "from",
       (extract(epoch from b.bound_until) * 1000)::float8 as "until"
     from device_bindings b where b.device_id = $1 order by b.number desc limit ${SHOWN}`,
    [deviceId],
  );
  return rows.map((row) => ({
    ...row,
    from: formatIso(row.from),
    until: row.until === null ? null : formatIso(row.until),
  }));
}

async function findCurrent(db: Queryable, deviceId: string): Promise<Current | undefined> {
  const devices = await queryRows<{ isRetired: boolean }>(
    db,
    'find a device',
    'select retired_at is not null as "isRetired" from devices where id = $1',
    [deviceId],
  );
  const [device] = devices;
  if (device === undefined) throw new RegistryError('not-found', '/id', `There is no device ${deviceId}`);
  if (device.isRetired) throw new RegistryError('conflict', '/id', `Device ${deviceId} has ended its service`);
  const found = await queryRows<Current>(
    db,
    'find a binding',
    `select b.number, b.home_id as "homeId", b.place, (extract(epoch from b.bound_from) * 1000)::float8 as "from",
       array(select r.resident_id from device_binding_residents r
         where r.device_id = b.device_id and r.number = b.number) as "residentIds"
     from device_bindings b where b.device_id = $1 order by b.number desc limit 1`,
    [deviceId],
  );
  return found[0];
}

function isSameWearer(current: Current, target: Target): boolean {
  const [before, after] = [current.residentIds.toSorted(), target.residentIds];
  return (
    current.homeId === target.homeId &&
    before.length === after.length &&
    before.every((id, index) => id === after[index])
  );
}

async function findHomes(db: Queryable, residentIds: readonly string[]): Promise<string[]> {
  const found = await queryRows<{ id: string; homeId: string }>(
    db,
    'find residents',
    // Whoever was erased and comes back is registered anew: nothing is ever kept again under the old id.
    `select id, home_id as "homeId" from residents where id = any($1)
       and not exists (select from erasures where erasures.resident_id = residents.id)`,
    [residentIds],
  );
  const missing = residentIds.find((id) => !found.some((row) => row.id === id));
  if (missing !== undefined) {
    throw new RegistryError('not-found', '/residentIds', `There is no resident ${missing}`);
  }
  return [...new Set(found.map((row) => row.homeId))];
}
