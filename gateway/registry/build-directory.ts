import { createHash, timingSafeEqual } from 'node:crypto';
import { formatIso } from '../clock.ts';
import { describeAddress } from './addresses.ts';
import { calcStatus } from './calc-status.ts';
import type { Directory, DirectoryDevice, DirectoryResident, OwnLimits } from './directory.ts';
import { findBinding } from './find-binding.ts';
import { CHINA, type Numbering } from './phone-number.ts';
import type { RegisterRows } from './rows.ts';
import { createSenders } from './senders.ts';

const NO_LIMITS: OwnLimits = { limits: [], recordedAt: null, recordedBy: null };

export type DirectorySetting = {
  readonly numbering: Numbering;
  /** Whether a number was unseen for too long depends on when it is asked; epoch milliseconds. */
  readonly nowMs: () => number;
};
/** Without a clock every number is as it was confirmed. */
const TIMELESS: DirectorySetting = { numbering: CHINA, nowMs: () => 0 };

/** The directory of these rows; pure but for the clock. Lists keep the order of the rows. */
export function buildDirectory(rows: RegisterRows, { numbering, nowMs }: DirectorySetting = TIMELESS): Directory {
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
  const addresses = Map.groupBy(rows.addresses ?? [], (row) => row.deviceId);
  const device = (id: string): DirectoryDevice | undefined => deviceById.get(id);
  const residentsByHome = Map.groupBy(residents, (row) => row.homeId);
  const devicesByHome = Map.groupBy(devices, (row) => row.homeId);

  return {
    home: (id) => homeById.get(id),
    resident: (id) => residentById.get(id),
    device,
    addressesOf: (id) => (addresses.get(id) ?? []).map((row) => describeAddress(row, nowMs())),
    heartbeatOf: (id) => calcHeartbeat(addresses.get(id) ?? []),
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
    ...createSenders({ rows, device, residents, numbering, nowMs }),
    standingOf: (deviceId, secret) => {
      const proof = proofs.get(deviceId);
      if (proof === undefined) return 'unregistered';
      if (proof.isRetired) return 'retired';
      if (secret === undefined) return 'unverified';
      return timingSafeEqual(hashSecret(secret), proof.digest) ? 'verified' : 'unverified';
    },
  };
}

/** Of several the one that is due soonest. */
function calcHeartbeat(addresses: readonly { readonly heartbeatS: number | null }[]): number | null {
  const agreed = addresses.flatMap(({ heartbeatS }) => heartbeatS ?? []);
  return agreed.length === 0 ? null : Math.min(...agreed);
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
