import type { ActionBody } from '../../api/contract/actions.ts';
import type { IncidentState } from '../../api/contract/incident.ts';
import { isUnproven } from '../facts.ts';
import { isOpen, type IncidentRecord, type OpenIncident } from '../record.ts';
import { gainsUrgency } from '../take-in.ts';
import { applyEvent } from '../transition.ts';
import type { ActionInput, ActionTable, Further, Refusal } from './action.ts';

/** Two cases are one: the case ends as a duplicate and lives on in the other, with its alarms, presses and urgency. */
export const MERGING = {
  merge: {
    onColleagues: 'owner-or-supervisor',
    isForHelpers: false,
    event: () => 'merge',
    check: checkMerge,
    brings: ({ around, actor, nowMs }) => ({
      resolution: {
        outcome: 'duplicate',
        contact: null,
        at: nowMs,
        by: actor.tag,
        ...(around.target === null ? {} : { mergedInto: around.target.id }),
      },
    }),
    alsoDoes: moveIntoTarget,
    log: ({ into }) => ({ data: { into, outcome: 'duplicate', contact: null }, personal: null }),
  },
} as const satisfies ActionTable<'merge'>;

/** Somebody is being sent, is under way or there: that must not fall back behind what is known. */
const UNDER_WAY: ReadonlySet<IncidentState> = new Set([
  'dispatched',
  'accepted',
  'arrived',
  'with-person',
  'handed-over',
]);

function checkMerge({ incident, body, around }: ActionInput<ActionBody<'merge'>>): Refusal | null {
  const { target, alarms } = around;
  if (body.into === incident.id) return { code: 'bad-request', path: '/body/into', detail: 'is this case itself' };
  if (target === null) return { code: 'not-found', detail: 'there is no such case to merge into' };
  if (!isOpen(incident)) return null;
  const detail = findHindrance(incident, target) ?? (alarms === null ? 'it has too many alarms' : null);
  return detail === null ? null : { code: 'wrong-state', detail };
}

function findHindrance(incident: OpenIncident, target: IncidentRecord): string | null {
  if (!isOpen(target)) return 'the other case is closed';
  if (incident.lane !== target.lane) return 'they are not of one kind';
  if (incident.lane === 'technical') return 'technical cases end by themselves';
  if (isOfAnother(incident, target)) return 'they are of two persons';
  if (isUnproven(incident) !== isUnproven(target)) return 'what nobody proved stands apart';
  if (incident.flags.includes('drill') !== target.flags.includes('drill')) return 'a drill stands apart';
  if (UNDER_WAY.has(incident.state) && !UNDER_WAY.has(target.state)) {
    return 'somebody is under way for this one: merge the other one into it';
  }
  return null;
}

/** Whoever speaks with the one must not close the case of the other unheard. A device of several may have named either. */
function isOfAnother(one: IncidentRecord, other: IncidentRecord): boolean {
  if (one.residentId === null || other.residentId === null || one.residentId === other.residentId) return false;
  return !one.candidates.includes(other.residentId) && !other.candidates.includes(one.residentId);
}

/** @throws when the check before it was left out: an open case takes in whatever is merged into it */
function moveIntoTarget(input: ActionInput<ActionBody<'merge'>>, after: IncidentRecord): Further {
  const { incident, actor, nowMs, around } = input;
  const { target, alarms } = around;
  // A shelf would hide what was not shelved.
  const isUrgent = target !== null && (gainsUrgency(target, incident) || target.state === 'shelved');
  const moved =
    target === null
      ? null
      : applyEvent(target, isUrgent ? 'take-in-urgent' : 'take-in', { nowMs, ownerId: actor.id, source: incident });
  if (target === null || moved === null || alarms === null) throw new Error('a merge was planned without its check');
  const record = { ...moved.incident, claimedAt: target.claimedAt ?? nowMs };
  const alarmIds = alarms.map(({ id }) => id);
  const line = { incidentId: target.id, actor: actor.tag, at: nowMs };
  const moves = { from: incident.id, to: target.id, alarmIds };
  return {
    incident: after,
    data: moves,
    others: [{ was: target, record }],
    moves: [moves],
    entries: [
      { ...line, type: 'merge', data: { ...moves, presses: incident.presses } },
      ...(target.ownerId === null
        ? [{ ...line, type: 'claimed', data: target.claimedAt === null ? {} : { again: true } }]
        : []),
      ...(isUrgent
        ? [{ ...line, type: 'rang', actor: 'system', data: { reason: moved.name, circles: record.circles } }]
        : []),
    ],
  };
}
