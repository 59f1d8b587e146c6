import type { AlarmEvent, Position } from '../../devices/event.ts';
import { formatIso } from '../clock.ts';
import type { Incident, IncidentAlarm, LogEntry } from '../api/contract/incident.ts';
import { dueAt } from './deadlines.ts';
import { flagsOf } from './facts.ts';
import { isOpen, type IncidentRecord } from './record.ts';
import type { HydratedEntry } from './store.ts';
import { calcAdvice, findFirstCall } from './type-plan.ts';

/** A user's name as it is now; the record and the log hold ids alone. */
export type NameOf = (userId: string) => string | undefined;

/** When the claims of a person lapse unless they give a sign of life, epoch milliseconds; null: they do not. */
export type LeaseUntil = (userId: string) => number | null;

const USER_TAG = 'user:';

/** The incident as the contract shows it; names and leases are looked up now, the record holds only ids. */
export function viewIncident(record: IncidentRecord, nameOf: NameOf, leaseUntil: LeaseUntil): Incident {
  const lease = record.ownerId === null || !isOpen(record) ? null : leaseUntil(record.ownerId);
  return {
    id: record.id,
    state: record.state,
    type: record.type,
    priority: record.priority,
    homeId: record.homeId,
    residentId: record.residentId,
    deviceId: record.deviceId,
    region: record.region,
    presses: record.presses,
    flags: [...record.flags],
    openedAt: formatIso(record.openedAt),
    updatedAt: formatIso(record.updatedAt),
    owner: viewPerson(record.ownerId, nameOf),
    leaseUntil: lease === null ? null : formatIso(lease),
    next: viewNext(record),
    version: record.version,
    ringing: record.ringing,
    rangAt: formatIso(record.rangAt),
    progressAt: formatIso(record.progressAt),
    circles: [...record.circles],
    forAll: record.isForAll,
    helper: viewPerson(record.helperId, nameOf),
    promisedAt: record.promisedAt === null ? null : formatIso(record.promisedAt),
    handoverTo: viewPerson(record.handoverTo, nameOf),
    authority: record.authority === null ? null : { ...record.authority, at: formatIso(record.authority.at) },
    types: [...record.types],
    advice: calcAdvice(record),
    candidates: [...record.candidates],
    mergedInto: record.resolution?.mergedInto ?? null,
  };
}

/** Null also where a record of another version has a state or priority unknown here: whoever looks sees the rest of it. */
function viewNext(record: IncidentRecord): Incident['next'] {
  if (!isOpen(record)) return null;
  try {
    const { at, step } = dueAt(record);
    return { at: formatIso(at), step: stepOf(record, step) };
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}

/** Until it was done, calling 119 comes before whatever would happen by itself. */
function stepOf(record: IncidentRecord, step: string): string {
  const service = findFirstCall(record);
  return service === null ? step : `call-${service}`;
}

function viewPerson(userId: string | null, nameOf: NameOf): { readonly id: string; readonly name: string } | null {
  return userId === null ? null : { id: userId, name: nameOf(userId) ?? userId };
}

/** One line of the log. Where words were erased the data says so. */
export function viewEntry(entry: HydratedEntry, nameOf: NameOf): LogEntry {
  return {
    id: entry.id,
    at: formatIso(entry.at),
    type: entry.type,
    actor: entry.actor,
    actorName: entry.actor.startsWith(USER_TAG) ? (nameOf(entry.actor.slice(USER_TAG.length)) ?? null) : null,
    data: { ...entry.data, ...entry.said },
  };
}

/** The same for whoever sees only how a case stands: that it happened, and nothing of what was said or counted. */
export function hideData(entry: LogEntry): LogEntry {
  return { ...entry, data: {} };
}

export function viewAlarm(event: AlarmEvent): IncidentAlarm {
  const { message, byHand, caller } = event;
  const isAlarm = message.kind === 'alarm';
  return {
    id: event.id,
    type: isAlarm ? message.type : message.kind,
    kind: message.kind,
    // One that names nothing is kept as about `unknown`.
    of: isAlarm || message.type === 'unknown' ? null : message.type,
    deviceId: event.deviceId,
    publisher: event.source.publisher ?? null,
    at: formatDeviceTime(message.at),
    receivedAt: formatIso(event.receivedAt),
    flags: flagsOf(event),
    text: byHand?.text ?? message.text ?? null,
    zone: message.zone ?? null,
    batteryPct: message.batteryPct ?? null,
    location: message.location === undefined ? null : viewPosition(message.location),
    measure: message.measure ?? null,
    faults: message.faults.map(({ code, path }) => ({ code, path })),
    byHand: byHand === undefined ? null : { source: byHand.source, callerNumber: byHand.callerNumber ?? null },
    call: message.call ?? null,
    caller: caller === undefined ? null : { number: caller.number, whose: caller.whose },
  };
}

function viewPosition({ lat, lon, accuracyM, at, source, datum }: Position): IncidentAlarm['location'] {
  return {
    lat,
    lon,
    accuracyM: accuracyM ?? null,
    at: formatDeviceTime(at),
    source: source ?? null,
    datum: datum ?? null,
  };
}

/** A device's clock may name a moment that no date can hold; then it has none. */
function formatDeviceTime(at: number | undefined): string | null {
  return at === undefined || Number.isNaN(new Date(at).getTime()) ? null : formatIso(at);
}
