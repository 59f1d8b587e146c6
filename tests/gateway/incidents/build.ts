import { ALARM_TYPES, type DeviceAlarmType } from '../../../devices/alarm-types.ts';
import { asEventId, type AlarmEvent, type AlarmMessage } from '../../../devices/event.ts';
import type { Role } from '../../../gateway/api/contract/session.ts';
import type { AlarmInput, AlarmView } from '../../../gateway/incidents/alarm-view.ts';
import { choosePolicy } from '../../../gateway/escalation/policies.ts';
import { calcFacts, type AlarmFacts } from '../../../gateway/incidents/facts.ts';
import { EMPTY_INDEX } from '../../../gateway/incidents/open-index.ts';
import type { Performer } from '../../../gateway/incidents/performer.ts';
import {
  incidentIdOf,
  newRecord,
  type IncidentRecord,
  type OpenIncident,
  type OpenState,
} from '../../../gateway/incidents/record.ts';
import { AT_HOME } from '../../../gateway/registry/calc-status.ts';
import type {
  Directory,
  DirectoryDevice,
  DirectoryHome,
  DirectoryResident,
  DirectoryUser,
} from '../../../gateway/registry/directory.ts';

/** Saturday night; every test counts from here. */
export const NOW = Date.parse('2026-11-21T02:13:00.000Z');
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

let made = 0;

/** A fresh ULID-shaped id; in order of making. */
export function nextId(): AlarmEvent['id'] {
  made += 1;
  return asEventId(`01KAJ00000${made.toString().padStart(16, '0')}`);
}

export type EventChanges = Partial<Omit<AlarmEvent, 'message'>> & { readonly message?: Partial<AlarmMessage> };

/** One press of a verified pendant; `raw` follows the message unless given. */
export function pressed(changes: EventChanges = {}): AlarmEvent {
  const message: AlarmMessage = { kind: 'alarm', type: 'sos', faults: [], ...changes.message };
  return {
    id: nextId(),
    deviceId: 'pendant-1',
    receivedAt: NOW,
    gatewayId: 'gw-1',
    standing: 'verified',
    source: { protocol: 'mqtt-json', peer: '127.0.0.1' },
    raw: Buffer.from(JSON.stringify(message)).toString('base64'),
    ...changes,
    message,
  };
}

/** An open incident in any state, as if it had been so since `NOW`. */
export function openIncident(changes: Partial<IncidentRecord> & { readonly state?: OpenState } = {}): OpenIncident {
  const type = changes.type ?? 'sos';
  const { lane, priority } = ALARM_TYPES[type];
  const opening = {
    id: incidentIdOf(nextId()),
    type,
    lane,
    priority,
    homeId: null,
    residentId: null,
    deviceId: 'pendant-1',
    region: null,
    candidates: [],
    subject: 'device:pendant-1',
    flags: [],
    openedAt: NOW,
    policy: choosePolicy({ type, lane, priority, region: null, residentId: null }),
  };
  const { state = 'open', ...rest } = changes;
  return { ...newRecord(opening, NOW), ...rest, state };
}

export function resolvedIncident(changes: Partial<IncidentRecord> = {}): IncidentRecord {
  return {
    ...openIncident(),
    ringing: false,
    resolution: { outcome: 'helped', contact: 'spoke-with-person', at: NOW, by: 'user:u1' },
    ...changes,
    state: 'resolved',
  };
}

export const operator: Performer = { id: 'u1', tag: 'user:u1', isSupervisor: false, isHelper: false };
export const colleague: Performer = { id: 'u2', tag: 'user:u2', isSupervisor: false, isHelper: false };
export const supervisor: Performer = { id: 'u9', tag: 'user:u9', isSupervisor: true, isHelper: false };
export const helper: Performer = { id: 'h1', tag: 'user:h1', isSupervisor: false, isHelper: true };

export type RegisterParts = {
  readonly devices?: readonly {
    readonly id: string;
    readonly homeId?: string;
    readonly residentIds?: readonly string[];
  }[];
  readonly homes?: readonly { readonly id: string; readonly region?: string }[];
  readonly residents?: readonly { readonly id: string; readonly homeId: string }[];
  readonly users?: readonly {
    readonly id: string;
    readonly roles: readonly Role[];
    readonly regions?: readonly string[];
  }[];
};

/** A register in memory. */
export function register(parts: RegisterParts = {}): Directory {
  const devices: DirectoryDevice[] = (parts.devices ?? []).map((device) => ({
    model: 'generic-pendant',
    homeId: null,
    place: null,
    retiredAt: null,
    boundFrom: null,
    binding: 1,
    ...device,
    residentIds: [...(device.residentIds ?? [])],
  }));
  const homes: DirectoryHome[] = (parts.homes ?? []).map((home) => ({
    address: '',
    region: null,
    entrance: null,
    accessPlan: null,
    ...home,
  }));
  const residents: DirectoryResident[] = (parts.residents ?? []).map((resident) => ({
    ...{ name: '', number: null, birthYear: null, categories: [], speech: null, health: null, contacts: [] },
    ...resident,
  }));
  const users: DirectoryUser[] = (parts.users ?? []).map((user) => ({
    ...{ username: user.id, name: user.id, regions: ['*'], epoch: 1 },
    ...user,
  }));
  return {
    device: (id) => devices.find((row) => row.id === id),
    addressesOf: () => [],
    heartbeatOf: () => null,
    deviceAt: (id) => devices.find((row) => row.id === id),
    statusOf: () => AT_HOME,
    limitsOf: () => ({ limits: [], recordedAt: null, recordedBy: null }),
    home: (id) => homes.find((row) => row.id === id),
    resident: (id) => residents.find((row) => row.id === id),
    user: (id) => users.find((row) => row.id === id),
    residentsOfHome: (homeId) => residents.filter((row) => row.homeId === homeId),
    devicesOfHome: (homeId) => devices.filter((row) => row.homeId === homeId),
    homes: () => homes,
    residents: () => residents,
    devices: () => devices,
    users: () => users,
    standingOf: () => 'verified',
    accountOf: (receiver, account) => ({ ...STRANGER, deviceId: `${receiver}-${account}` }),
    callerOf: (line, number) => ({
      ...STRANGER,
      deviceId: line,
      caller: { number, whose: number === null ? 'withheld' : 'unknown', residentIds: [], homeId: null },
    }),
  };
}

const STRANGER = { standing: 'unregistered', model: null, key: null } as const;

export function factsOf(event: AlarmEvent, directory: Directory = register()): AlarmFacts {
  return calcFacts(event, event.message.type, directory);
}

export const EMPTY_VIEW: AlarmView = {
  seen: { raw: null, value: false },
  repeat: { raw: null, value: null },
  trust: { raw: null, value: null },
  index: { raw: null, value: EMPTY_INDEX },
  openOfSubject: [],
};

/** What dispatch would decide about the event while these are open. */
export function inputOf(event: AlarmEvent, view: Partial<AlarmView> = {}, directory?: Directory): AlarmInput {
  const open = view.openOfSubject ?? [];
  const index = { open: open.map(({ id }) => id), last: null };
  const facts = factsOf(event, directory);
  return {
    event,
    facts,
    policy: choosePolicy(facts),
    view: {
      ...EMPTY_VIEW,
      index: open.length === 0 ? EMPTY_VIEW.index : { raw: JSON.stringify(index), value: index },
      ...view,
    },
    nowMs: event.receivedAt,
    streamId: '1-0',
  };
}

export const EMERGENCIES = (Object.keys(ALARM_TYPES) as (keyof typeof ALARM_TYPES)[]).filter(
  (type): type is (DeviceAlarmType | 'vitals' | 'call') & keyof typeof ALARM_TYPES =>
    ALARM_TYPES[type].lane === 'emergency',
);
