import type { Incident } from '../../gateway/api/contract/incident.ts';
import type { Device, Resident } from '../../gateway/api/contract/registry.ts';
import type { Entry, RegisterCache } from './cache.ts';

export type Register = Pick<RegisterCache, 'get'>;

/** Who it is about, as far as the register tells. Names are null while they load or where the register has none. */
export type Who =
  | { readonly kind: 'resident'; readonly id: string; readonly name: string | null; readonly isLoading: boolean }
  /** One of these; which one is for the operator to find out. */
  | { readonly kind: 'candidates'; readonly names: readonly string[]; readonly count: number }
  | { readonly kind: 'unregistered-device'; readonly deviceId: string }
  | { readonly kind: 'device'; readonly deviceId: string }
  /** A telephone call; what stands for the device is no device. */
  | { readonly kind: 'caller' }
  /** An SMS; likewise. */
  | { readonly kind: 'writer' }
  | { readonly kind: 'home' }
  | { readonly kind: 'nobody' };

/** What the gateway makes of a number that is no device's (`gateway/registry/senders.ts`). */
const NAME_OF_NUMBER = /^tel-[0-9a-f]{16}$/u;

/**
 * Opened by a call or an SMS whose number is no device's: what stands in place of the device is a name made of the number, or the
 * line. Null: not so.
 */
export function calcPersonBehind({
  types,
  deviceId,
}: Pick<Incident, 'types' | 'deviceId'>): 'caller' | 'writer' | null {
  if (types[0] === 'call') return 'caller';
  return deviceId !== null && NAME_OF_NUMBER.test(deviceId) ? 'writer' : null;
}

/** The device that it came from; null where a person stands in its place. */
export function calcDeviceId(incident: Pick<Incident, 'types' | 'deviceId'>): string | null {
  return calcPersonBehind(incident) === null ? incident.deviceId : null;
}

export function calcWho(incident: Incident, register: Register): Who {
  if (incident.residentId !== null) {
    const entry = register.get('residents', incident.residentId);
    const name = nameOf(entry);
    return { kind: 'resident', id: incident.residentId, name, isLoading: entry.state === 'loading' };
  }
  if (incident.candidates.length > 0) {
    const names = incident.candidates.map((id) => nameOf(register.get('residents', id)) ?? id);
    return { kind: 'candidates', names, count: names.length };
  }
  const person = calcPersonBehind(incident);
  if (person !== null) return { kind: person };
  if (incident.deviceId !== null) {
    const kind = incident.flags.includes('unregistered') ? 'unregistered-device' : 'device';
    return { kind, deviceId: incident.deviceId };
  }
  return incident.homeId === null ? { kind: 'nobody' } : { kind: 'home' };
}

export type Address =
  | { readonly kind: 'known'; readonly address: string }
  | { readonly kind: 'loading' }
  | { readonly kind: 'unknown' };

export function calcAddress(incident: Incident, register: Register): Address {
  const homeId = calcHomeId(incident, register);
  if (homeId === null) return { kind: 'unknown' };
  const entry = register.get('homes', homeId);
  if (entry.state === 'known' && entry.value.address.trim() !== '')
    return { kind: 'known', address: entry.value.address };
  return { kind: entry.state === 'loading' ? 'loading' : 'unknown' };
}

/** The incident's home, else its resident's, else its device's; null while unknown. */
export function calcHomeId(incident: Incident, register: Register): string | null {
  if (incident.homeId !== null) return incident.homeId;
  if (incident.residentId !== null) {
    const resident = register.get('residents', incident.residentId);
    if (resident.state === 'known') return resident.value.homeId;
  }
  const deviceId = calcDeviceId(incident);
  if (deviceId !== null) {
    const device = register.get('devices', deviceId);
    if (device.state === 'known' && isBoundAsThen(device.value, incident)) return device.value.homeId;
  }
  return null;
}

/** Whether a device still belongs to whom it belonged to when the case opened; else it tells of somebody else. */
export function isBoundAsThen({ boundFrom }: Pick<Device, 'boundFrom'>, { openedAt }: Incident): boolean {
  return boundFrom === null || Date.parse(boundFrom) <= Date.parse(openedAt);
}

/** What must be read to show the incident in words. */
export function planLookups(
  incident: Incident,
  register: Register,
): readonly (readonly ['residents' | 'homes' | 'devices', string])[] {
  const residents = incident.residentId === null ? incident.candidates : [incident.residentId];
  const homeId = calcHomeId(incident, register);
  // A device that the register does not know need not be asked for.
  const deviceId = incident.flags.includes('unregistered') ? null : calcDeviceId(incident);
  return [
    ...residents.map((id) => ['residents', id] as const),
    ...(homeId === null ? [] : [['homes', homeId] as const]),
    ...(deviceId === null ? [] : [['devices', deviceId] as const]),
  ];
}

function nameOf(entry: Entry<Resident>): string | null {
  return entry.state === 'known' ? entry.value.name : null;
}
