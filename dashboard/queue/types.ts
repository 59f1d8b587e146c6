import type { Incident } from '../../gateway/api/contract/incident.ts';

export type AlarmType = Incident['type'];

/** What the order and the queues need to know of an alarm type; priorities come with the incident. */
type TypeSpec = {
  /** Technical matters have a queue of their own. */
  readonly isTechnical: boolean;
  /** Inside priority 1 these come right after a second press (design §4 Priority). */
  readonly isForemost: boolean;
};

const PERSON: TypeSpec = { isTechnical: false, isForemost: false };
const FOREMOST: TypeSpec = { isTechnical: false, isForemost: true };
const TECHNICAL: TypeSpec = { isTechnical: true, isForemost: false };

export const TYPES: Readonly<Record<AlarmType, TypeSpec>> = {
  sos: PERSON,
  fall: FOREMOST,
  smoke: FOREMOST,
  gas: PERSON,
  co: PERSON,
  panic: PERSON,
  duress: PERSON,
  unknown: PERSON,
  water: PERSON,
  inactivity: PERSON,
  'door-open': PERSON,
  wandering: PERSON,
  'bed-exit': PERSON,
  vitals: PERSON,
  intrusion: PERSON,
  call: PERSON,
  service: PERSON,
  tamper: TECHNICAL,
  'low-battery': TECHNICAL,
  'mains-lost': TECHNICAL,
  'device-fault': TECHNICAL,
  'sensor-loose': TECHNICAL,
  'clock-wrong': TECHNICAL,
  silent: TECHNICAL,
  quarantined: TECHNICAL,
  unprocessed: TECHNICAL,
  'no-coverage': TECHNICAL,
  system: TECHNICAL,
  test: PERSON,
};

/** A type that only a newer gateway knows counts as one about a person. */
export function specOf(type: AlarmType): TypeSpec {
  const known: Readonly<Partial<Record<AlarmType, TypeSpec>>> = TYPES;
  return known[type] ?? PERSON;
}

/**
 * Technical by type, but not when it is urgent: an alarm that could not be processed (priority 1) may be a person who
 * pressed, and stands among the people.
 */
export function isTechnical(incident: Pick<Incident, 'type' | 'priority'>): boolean {
  return specOf(incident.type).isTechnical && incident.priority > 2;
}
