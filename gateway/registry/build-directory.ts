import { createHash, timingSafeEqual } from 'node:crypto';
import type { Sender } from '../../devices/links/ports.ts';
import { formatIso } from '../clock.ts';
import { calcStatus } from './calc-status.ts';
import type { Directory, DirectoryDevice, DirectoryResident, OwnLimits } from './directory.ts';
import { findBinding } from './find-binding.ts';
import type { RegisterRows } from './rows.ts';

const NO_LIMITS: OwnLimits = { limits: [], recordedAt: null, recordedBy: null };

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
  const statuses = Map.groupBy(rows.statuses, (row) => row.residentId);
  const devices = rows.devices.map((row) => asBound(row, bindings.get(row.id)?.at(-1)));
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
  const deviceRowById = indexById(rows.devices);
  const userById = indexById(users);
  const limitsByResident = new Map(rows.limits?.map((row) => [row.residentId, row]));
  const residentsByHome = Map.groupBy(residents, (row) => row.homeId);
  const devicesByHome = Map.groupBy(devices, (row) => row.homeId);

  return {
    home: (id) => homeById.get(id),
    resident: (id) => residentById.get(id),
    device: (id) => deviceById.get(id),
    deviceAt: (id, atMs) => {
      const current = deviceById.get(id);
      const row = deviceRowById.get(id);
      const binding = findBinding(bindings.get(id) ?? [], atMs);
      return row === undefined || binding?.number === current?.binding ? current : asBound(row, binding);
    },
    statusOf: (residentId, atMs) => calcStatus(statuses.get(residentId) ?? [], atMs),
    limitsOf: (residentId) => limitsByResident.get(residentId) ?? NO_LIMITS,
    user: (id) => userById.get(id),
    residentsOfHome: (homeId) => residentsByHome.get(homeId) ?? [],
    devicesOfHome: (homeId) => devicesByHome.get(homeId) ?? [],
    homes: () => homes,
    residents: () => residents,
    devices: () => devices,
    users: () => users,
    accountOf: (receiver, account) => stranger(`${receiver}-${account}`),
    callerOf: (line, number) => ({
      ...stranger(line),
      caller: { number, whose: number === null ? 'withheld' : 'unknown', residentIds: [], homeId: null },
    }),
    standingOf: (deviceId, secret) => {
      const proof = proofs.get(deviceId);
      if (proof === undefined) return 'unregistered';
      if (proof.isRetired) return 'retired';
      if (secret === undefined) return 'unverified';
      return timingSafeEqual(hashSecret(secret), proof.digest) ? 'verified' : 'unverified';
    },
  };
}

function stranger(name: string): Sender {
  return { deviceId: name, standing: 'unregistered', model: null, key: null };
}

/** A device without any binding belongs nowhere; none is made so. */
function asBound(row: RegisterRows['devices'][number], binding: RegisterRows['bindings'][number] | undefined) {
  return {
    id: row.id,
    model: row.model,
    homeId: binding?.homeId ?? null,
    place: binding?.place ?? null,
    residentIds: [...(binding?.residentIds ?? [])],
    retiredAt: row.retiredAt === null ? null : formatIso(row.retiredAt),
    boundFrom: binding === undefined ? null : formatIso(binding.from),
    binding: binding?.number ?? 1,
  } satisfies DirectoryDevice;
}

/** Device secrets carry 128 random bits or more, so a plain SHA-256 keeps them (design §7). */
export function hashSecret(secret: Uint8Array): Buffer {
  return createHash('sha256').update(secret).digest();
}

function indexById<T extends { readonly id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
