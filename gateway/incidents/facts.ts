import { ALARM_TYPES, type AlarmType, type Lane, type Priority } from '../../devices/alarm-types.ts';
import type { AlarmEvent, Caller } from '../../devices/event.ts';
import type { IncidentFlag } from '../api/contract/incident.ts';
import type { StatusKind } from '../api/contract/registry.ts';
import type { Directory } from '../registry/directory.ts';
import { readClock } from './identity.ts';

/** What the register and the clock say about an alarm. Nothing here can stop it: what is missing becomes a flag. */
export type AlarmFacts = {
  readonly type: AlarmType;
  readonly lane: Lane;
  readonly priority: Priority;
  readonly deviceId: string | null;
  /**
   * The device with its present wearer: what is remembered about a device is remembered under this, so that whoever gets it
   * next begins with nothing. `<id>`, after it was handed on `<id>:<number of the binding>`.
   */
  readonly deviceKey: string | null;
  readonly homeId: string | null;
  readonly residentId: string | null;
  readonly candidates: readonly string[];
  readonly region: string | null;
  /** Under which key of the open-index it looks for an incident to join. */
  readonly subject: string;
  readonly flags: readonly IncidentFlag[];
  /** What the register says of the resident where it is not simply at home: told with the case, and changes nothing. */
  readonly residentStatus: { readonly kind: StatusKind; readonly from: number | null } | null;
};

type Register = Pick<Directory, 'deviceAt' | 'home' | 'resident' | 'residentsOfHome' | 'statusOf'>;

/** Looks an alarm up in the register (in memory). Pure but for reading the directory. */
export function calcFacts(event: AlarmEvent, type: AlarmType, register: Register): AlarmFacts {
  const { lane, priority } = ALARM_TYPES[type];
  const place = placeOf(event, register);
  const flags = flagsOf(event);
  if (place.residentId === null && event.deviceId !== null) flags.push('no-resident');
  const deviceKey = calcDeviceKey(event, register);
  const subject = calcSubject(event, lane, { ...place, deviceKey });
  return {
    type,
    lane,
    priority,
    deviceId: event.deviceId,
    deviceKey,
    ...place,
    subject,
    flags,
    residentStatus: findStatus(event, place, register),
  };
}

type Place = Pick<AlarmFacts, 'homeId' | 'residentId' | 'candidates' | 'region'>;

function placeOf(event: AlarmEvent, register: Register): Place {
  if (event.byHand !== undefined) return placeByHand(event, register);
  const { caller } = event;
  const isPersons = caller?.whose === 'resident' || caller?.whose === 'contact';
  return isPersons ? placeOfCaller(caller, register) : placeOfDevice(event, register);
}

function findStatus(event: AlarmEvent, { residentId }: Place, register: Register): AlarmFacts['residentStatus'] {
  if (residentId === null) return null;
  const { kind, from } = register.statusOf(residentId, event.receivedAt);
  return kind === 'at-home' ? null : { kind, from };
}

/** An alarm belongs to whoever had the device when it came in, however long it lay in a journal since. */
export function calcDeviceKey(
  { deviceId, receivedAt }: AlarmEvent,
  register: Pick<Register, 'deviceAt'>,
): string | null {
  if (deviceId === null) return null;
  const binding = register.deviceAt(deviceId, receivedAt)?.binding ?? 1;
  return binding === 1 ? deviceId : `${deviceId}:${binding}`;
}

/** A claimed name is shown with what the register knows of it, also when the secret was wrong: it may be her. */
function placeOfDevice(event: AlarmEvent, register: Register): Place {
  const device = event.deviceId === null ? undefined : register.deviceAt(event.deviceId, event.receivedAt);
  const home = device?.homeId == null ? undefined : register.home(device.homeId);
  const bound = device?.residentIds ?? [];
  const possible = bound.length > 0 ? bound : residentIdsOf(home?.id, register);
  return placeAmong({ people: bound, possible, homeId: home?.id ?? null }, register);
}

/** A person's number is no device's: the case is about the resident who calls, or for whom their contact calls. */
function placeOfCaller({ residentIds, homeId }: Caller, register: Register): Place {
  return placeAmong({ people: residentIds, possible: residentIds, homeId }, register);
}

type Among = {
  readonly people: readonly string[];
  readonly possible: readonly string[];
  readonly homeId: string | null;
};

/** One of whom it is told is certain, and at home where no home is told; else it may be any of the possible. */
function placeAmong({ people, possible, homeId: told }: Among, register: Register): Place {
  const only = people.length === 1 ? people[0] : undefined;
  const homeId = told ?? (only === undefined ? null : (register.resident(only)?.homeId ?? null));
  return {
    homeId,
    residentId: only ?? null,
    candidates: only === undefined ? possible : [],
    region: homeId === null ? null : (register.home(homeId)?.region ?? null),
  };
}

function placeByHand(event: AlarmEvent, register: Register): Place {
  const { residentId, homeId } = event.byHand ?? {};
  const resident = residentId === undefined ? undefined : register.resident(residentId);
  const home = register.home(resident?.homeId ?? homeId ?? '');
  return {
    homeId: home?.id ?? null,
    residentId: resident?.id ?? null,
    candidates: resident === undefined ? residentIdsOf(home?.id, register) : [],
    region: home?.region ?? null,
  };
}

function residentIdsOf(homeId: string | undefined, register: Register): readonly string[] {
  return homeId === undefined ? [] : register.residentsOfHome(homeId).map((resident) => resident.id);
}

/** What the subject of every case begins with whose sender proved nothing. */
export const UNPROVEN = 'quarantine:';

/** Whether a case stands apart because nobody proved who sent it. */
export function isUnproven({ subject }: Pick<AlarmFacts, 'subject'>): boolean {
  return subject.startsWith(UNPROVEN);
}

/**
 * Unproven senders stand apart, one subject per claimed device, so that nothing they send can hide in (or be hidden by) a
 * proven one. Technical matters belong to the device, or to the code of what is wrong with a gateway; emergencies to the person where the person is certain.
 */
function calcSubject(event: AlarmEvent, lane: Lane, place: Place & Pick<AlarmFacts, 'deviceKey'>): string {
  if (event.standing !== 'verified') return `${UNPROVEN}${event.standing}:${place.deviceKey ?? ''}`;
  if (lane !== 'technical' && place.residentId !== null) return `resident:${place.residentId}`;
  if (place.deviceKey !== null) return `device:${place.deviceKey}`;
  // Raised by a gateway about itself, under a stable code: every gateway's and every restart's stand together.
  if (lane === 'technical' && event.message.zone !== undefined) return `system:${event.message.zone}`;
  if (place.homeId !== null) return `home:${place.homeId}`;
  return `case:${event.id}`;
}

/** What an alarm says of its sender and its time, whatever the register says of its place. */
export function flagsOf(event: AlarmEvent): IncidentFlag[] {
  const { message, standing, caller, receivedAt } = event;
  const flags: IncidentFlag[] = standing === 'verified' ? [] : [standing];
  if (standing === 'unverified' && caller?.whose === 'device') flags.push('unconfirmed-number');
  const reading = readClock(message.at, receivedAt);
  if (reading === 'late') flags.push('late');
  if (reading === 'incredible' || hasBadClockField(event)) flags.push('clock');
  return flags;
}

/** It told a time that nobody can read. */
function hasBadClockField(event: AlarmEvent): boolean {
  return event.message.faults.some((fault) => fault.code === 'bad-field' && fault.path === '/at');
}
