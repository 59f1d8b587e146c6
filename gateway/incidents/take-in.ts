import { ALARM_TYPES } from '../../devices/alarm-types.ts';
import { subjectsOf, type IncidentRecord } from './record.ts';

/**
 * A case with everything of another that is merged into it. Nothing becomes less urgent and nothing is forgotten: presses
 * add up, marks, types, told helpers and called authorities of both count, and the other's subjects find this case.
 */
export function takeIn(record: IncidentRecord, source: IncidentRecord): IncidentRecord {
  const isMoreUrgent = source.priority < record.priority;
  const types = unionOf(record.types, source.types);
  const isSilencing = types.some(isSilent) && !record.types.some(isSilent);
  const residents = [...source.candidates, ...(source.residentId === null ? [] : [source.residentId])];
  return {
    ...record,
    type: isMoreUrgent ? source.type : record.type,
    types,
    priority: isMoreUrgent ? source.priority : record.priority,
    presses: record.presses + source.presses,
    flags: unionOf(record.flags, source.flags),
    candidates: record.residentId === null ? unionOf(record.candidates, residents) : record.candidates,
    alsoAmong: unionOf(record.alsoAmong, subjectsOf(source)).filter((subject) => subject !== record.subject),
    // The plan of the more urgent of the two; of duress whenever there was one.
    policy: isMoreUrgent || isSilencing ? source.policy : record.policy,
    isForAll: record.isForAll || source.isForAll,
    helperId: record.helperId ?? source.helperId,
    promisedAt: record.promisedAt ?? source.promisedAt,
    toldIds: unionOf(record.toldIds, source.toldIds),
    authority: record.authority ?? source.authority,
    services: unionOf(record.services, source.services),
    voiceAt: record.voiceAt ?? source.voiceAt,
  };
}

/** Whether a case asks for more than it did once the other is in it: then it rings anew. */
export function gainsUrgency(record: IncidentRecord, source: IncidentRecord): boolean {
  return source.priority < record.priority || source.types.some((type) => !record.types.includes(type));
}

function isSilent(type: IncidentRecord['type']): boolean {
  return ALARM_TYPES[type].silent;
}

function unionOf<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return [...new Set([...a, ...b])];
}
