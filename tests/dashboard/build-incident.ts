import type { Incident, LogEntry } from '../../gateway/api/contract/incident.ts';
import type { Contact, Resident } from '../../gateway/api/contract/registry.ts';

export const T0 = Date.parse('2026-03-01T18:00:00.000Z');

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** As the gateway tells it for a case of one type. */
const ADVICE_OF: Readonly<Record<string, Incident['advice']>> = {
  smoke: ['call-119-first', 'helpers-do-not-enter'],
  co: ['call-119-first', 'helpers-do-not-enter'],
  gas: ['call-119-first', 'helpers-do-not-enter', 'no-bell-no-switch-no-landline'],
  duress: ['silent'],
};

export function buildIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-1',
    state: 'open',
    type: 'sos',
    priority: 1,
    homeId: 'home-1',
    residentId: 'res-1',
    deviceId: 'dev-1',
    region: null,
    presses: 1,
    flags: [],
    openedAt: iso(T0),
    updatedAt: iso(T0),
    owner: null,
    leaseUntil: null,
    next: { at: iso(T0 + 15_000), step: 'ring-again' },
    version: 1,
    ringing: true,
    rangAt: iso(T0),
    progressAt: iso(T0),
    circles: ['duty', 'operators'],
    forAll: true,
    helper: null,
    promisedAt: null,
    handoverTo: null,
    authority: null,
    types: [changes.type ?? 'sos'],
    advice: ADVICE_OF[changes.type ?? 'sos'] ?? [],
    mergedInto: null,
    candidates: [],
    ...changes,
  };
}

export function buildContact(changes: Partial<Contact> = {}): Contact {
  return {
    id: 'con-1',
    order: 1,
    name: 'Son',
    relation: 'son',
    number: '+8613800000001',
    hasKey: false,
    minutesAway: null,
    language: null,
    note: null,
    notice: false,
    mustNotBeTold: false,
    ...changes,
  };
}

export function buildResident(changes: Partial<Resident> = {}): Resident {
  return {
    id: 'res-1',
    homeId: 'home-1',
    name: 'Old Li',
    number: '+8657488880001',
    birthYear: 1941,
    categories: [],
    speech: null,
    health: null,
    contacts: [],
    status: { kind: 'at-home', from: null, until: null, note: null },
    ...changes,
  };
}

let entries = 0;

export function buildEntry(type: string, data: Record<string, unknown> = {}, at = T0): LogEntry {
  entries += 1;
  return { id: `${at}-${entries}`, at: iso(at), type, actor: 'user:me', actorName: 'Me', data };
}
