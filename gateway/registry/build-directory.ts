import { createHash, timingSafeEqual } from 'node:crypto';
import { formatIso } from '../clock.ts';
import type { Directory, DirectoryDevice, DirectoryResident } from './directory.ts';
import type { RegisterRows } from './rows.ts';

/** The directory of these rows; pure. Lists keep the order of the rows. */
export function buildDirectory(rows: RegisterRows): Directory {
  const contacts = Map.groupBy(rows.contacts, (row) => row.residentId);
  const bindings = Map.groupBy(rows.bindings, (row) => row.deviceId);

  const homes = rows.homes;
  const residents = rows.residents.map((row): DirectoryResident => ({
    ...row,
    contacts: (contacts.get(row.id) ?? [])
      .toSorted((a, b) => a.order - b.order)
      .map(({ residentId: _, notice = false, mustNotBeTold = false, ...contact }) => ({
        ...contact,
        notice,
        mustNotBeTold,
      })),
  }));
  const devices = rows.devices.map((row): DirectoryDevice => ({
    id: row.id,
    model: row.model,
    homeId: row.homeId,
    place: row.place,
    residentIds: (bindings.get(row.id) ?? []).map(({ residentId }) => residentId),
    retiredAt: row.retiredAt === null ? null : formatIso(row.retiredAt),
  }));
  const users = rows.users.map(({ passwordHash: _, ...user }) => user);
  const proofs = new Map(
    rows.devices.map((row) => [
      row.id,
      { digest: Buffer.from(row.secretSha256, 'hex'), isRetired: row.retiredAt !== null },
    ]),
  );

  const homeById = indexById(homes);
  const residentById = indexById(residents);
  const deviceById = indexById(devices);
  const userById = indexById(users);
  const residentsByHome = Map.groupBy(residents, (row) => row.homeId);
  const devicesByHome = Map.groupBy(devices, (row) => row.homeId);

  return {
    home: (id) => homeById.get(id),
    resident: (id) => residentById.get(id),
    device: (id) => deviceById.get(id),
    user: (id) => userById.get(id),
    residentsOfHome: (homeId) => residentsByHome.get(homeId) ?? [],
    devicesOfHome: (homeId) => devicesByHome.get(homeId) ?? [],
    homes: () => homes,
    residents: () => residents,
    devices: () => devices,
    users: () => users,
    standingOf: (deviceId, secret) => {
      const proof = proofs.get(deviceId);
      if (proof === undefined) return 'unregistered';
      if (proof.isRetired) return 'retired';
      if (secret === undefined) return 'unverified';
      return timingSafeEqual(hashSecret(secret), proof.digest) ? 'verified' : 'unverified';
    },
  };
}

/** Device secrets carry 128 random bits or more, so a plain SHA-256 keeps them (design §7). */
export function hashSecret(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

function indexById<T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
