import type { ActionBody } from '../../api/contract/actions.ts';
import { isUnproven } from '../facts.ts';
import { isOpen, type IncidentRecord } from '../record.ts';
import type { ActionInput, ActionTable, Further, Refusal } from './action.ts';

/** Somebody says whose case it is, where the device could not; again where that was wrong. */
export const IDENTIFYING = {
  identify: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'step',
    check: checkResident,
    alsoDoes: standWithResident,
    log: ({ residentId }) => ({ data: { residentId }, personal: null }),
  },
} as const satisfies ActionTable<'identify'>;

type Asked = ActionInput<ActionBody<'identify'>>;

/** One of those whom it may be; anybody where nobody is known. What a device's own binding says is not guessed over. */
function checkResident({ incident, body, register }: Asked): Refusal | null {
  if (!isOpen(incident)) return null;
  const { candidates } = incident;
  if (incident.residentId !== null && candidates.length === 0 && !incident.wasIdentified) {
    return { code: 'wrong-state', detail: 'its device belongs to one person alone' };
  }
  if (register.resident(body.residentId) === undefined) {
    return { code: 'bad-request', path: '/body/residentId', detail: 'is no resident' };
  }
  return candidates.length === 0 || candidates.includes(body.residentId)
    ? null
    : { code: 'bad-request', path: '/body/residentId', detail: 'is none of those whom it may be' };
}

/**
 * From now on the person's next emergency joins this case, and so does the next one of its device. What nobody proved keeps
 * standing apart, and a technical matter stays the device's.
 */
function standWithResident({ body, register }: Asked, after: IncidentRecord): Further {
  const { residentId } = body;
  const homeId = after.homeId ?? register.resident(residentId)?.homeId ?? null;
  const region = after.region ?? (homeId === null ? null : (register.home(homeId)?.region ?? null));
  const flags = after.flags.filter((flag) => flag !== 'no-resident');
  const incident = { ...after, residentId, homeId, region, flags, wasIdentified: true };
  const isApart = after.lane === 'technical' || isUnproven(after);
  return { incident: isApart ? incident : withSubject(incident, residentId), others: [], entries: [], moves: [] };
}

function withSubject(incident: IncidentRecord, residentId: string): IncidentRecord {
  const subject = `resident:${residentId}`;
  const stood = [incident.subject, ...incident.alsoAmong];
  // Another person who was meant before has nothing to do with it.
  const alsoAmong = stood.filter(
    (each) => each !== subject && !(each === incident.subject && each.startsWith('resident:')),
  );
  return { ...incident, subject, alsoAmong: [...new Set(alsoAmong)] };
}
