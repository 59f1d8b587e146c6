import { formatIso } from '../../clock.ts';
import type { DirectoryAddress } from '../../registry/addresses.ts';
import type { Directory, DirectoryDevice, DirectoryHome, DirectoryResident } from '../../registry/directory.ts';
import type { Actor } from '../auth/actor.ts';
import { canSee, scopesOf } from '../auth/scope.ts';
import type { DeviceAddress } from '../contract/addresses.ts';
import type { Device, Home, Resident } from '../contract/registry.ts';

/** A home as the API shows it. */
export function viewHome(directory: Directory, home: DirectoryHome): Home {
  return {
    ...home,
    residentIds: directory.residentsOfHome(home.id).map(({ id }) => id),
    deviceIds: directory.devicesOfHome(home.id).map(({ id }) => id),
  };
}

/** A device with the sign of life of its present wearer; what came before it was handed on tells about somebody else. */
export function viewDevice(
  { binding: _, ...device }: DirectoryDevice,
  lastContactAt: number | null,
  addresses: readonly DeviceAddress[],
  mobility: Device['mobility'],
): Device {
  const isOwn = device.boundFrom === null || (lastContactAt ?? 0) >= Date.parse(device.boundFrom);
  return {
    ...device,
    mobility,
    residentIds: [...device.residentIds],
    addresses: [...addresses],
    lastContactAt: lastContactAt === null || !isOwn ? null : formatIso(lastContactAt),
  };
}

/** What a device sends under. A number is personal: without `withNumbers` only that there is one. */
export function viewAddresses(addresses: readonly DirectoryAddress[], withNumbers: boolean): DeviceAddress[] {
  return addresses.map((address) => ({
    ...address,
    value: address.kind === 'number' && !withNumbers ? null : address.value,
  }));
}

/** A resident as things stand at `nowMs`. */
export function viewResident(directory: Directory, resident: DirectoryResident, nowMs: number): Resident {
  const { from, until, ...status } = directory.statusOf(resident.id, nowMs);
  return {
    ...resident,
    status: {
      ...status,
      from: from === null ? null : formatIso(from),
      until: until === null ? null : formatIso(until),
    },
  };
}

export function canSeeResident(directory: Directory, actor: Actor, resident: DirectoryResident): boolean {
  return canSee(actor, directory.home(resident.homeId)?.region ?? null);
}

/** A device belongs where it hangs, else where its wearers live; one that belongs nowhere is seen by all who work on cases. */
export function canSeeDevice(
  directory: Directory,
  actor: Actor,
  device: Pick<DirectoryDevice, 'homeId' | 'residentIds'>,
): boolean {
  const homeIds =
    device.homeId === null
      ? device.residentIds.map((id) => directory.resident(id)?.homeId).filter((id) => id !== undefined)
      : [device.homeId];
  if (homeIds.length === 0) return canSee(actor, null);
  return homeIds.some((id) => canSee(actor, directory.home(id)?.region ?? null));
}

/**
 * Whether somebody may bind a device there: home and wearers each in their regions, for a press opens the files of all of
 * them. What the register does not know yet may lie anywhere.
 */
export function canBindTo(
  directory: Directory,
  actor: Actor,
  { homeId, residentIds }: Pick<DirectoryDevice, 'homeId' | 'residentIds'>,
): boolean {
  const homeIds = [...(homeId === null ? [] : [homeId]), ...residentIds.map((id) => directory.resident(id)?.homeId)];
  if (homeIds.length === 0) return canSee(actor, null);
  return homeIds.every((id) => {
    const home = id === undefined ? undefined : directory.home(id);
    return home === undefined ? scopesOf(actor).includes('*') : canSee(actor, home.region);
  });
}
