import { isTold } from '../../incidents/performer.ts';
import { isOpen, type IncidentRecord } from '../../incidents/record.ts';
import type { Actor } from './actor.ts';
import { worksOnCases } from './actor.ts';
import { isInScope } from './scope.ts';

/**
 * How much of a case somebody sees: all of it; its `head`, that is what it is, where it stands and who goes, without what
 * was reported and said; nothing.
 */
export type Sight = 'whole' | 'head' | 'none';

/**
 * The one rule for lists, files and the feed (design §4 Policy, §8): who works on cases sees those of the own regions, those
 * of no region, and those that had to ring beyond their region, so that no scope hides a cry for help. A helper sees the
 * open ones to which they were called: the head, to decide whether to go, and the whole when they are the one who goes.
 */
export function calcSight(actor: Actor, incident: IncidentRecord): Sight {
  if (actor.kind === 'local') return 'whole';
  const { id, roles, regions } = actor.user;
  if (worksOnCases(roles) && (incident.isForAll || isInScope(regions, incident.region))) return 'whole';
  if (!wasCalled(actor, incident) || !isOpen(incident)) return 'none';
  return incident.helperId === id ? 'whole' : 'head';
}

export function canSeeIncident(actor: Actor, incident: IncidentRecord): boolean {
  return calcSight(actor, incident) !== 'none';
}

/** Whether somebody may act on it. To a helper for whom it closed meanwhile the answer is that it is closed. */
export function canActOn(actor: Actor, incident: IncidentRecord): boolean {
  return canSeeIncident(actor, incident) || wasCalled(actor, incident);
}

/** Closed cases are for those who work on cases. */
export function canSeeClosed(actor: Actor): boolean {
  return actor.kind === 'local' || worksOnCases(actor.user.roles);
}

/** Whether they were called or sent as a helper, now or before it closed. */
export function wasCalled(actor: Actor, incident: IncidentRecord): boolean {
  return actor.kind === 'user' && actor.user.roles.includes('helper') && isTold(incident, actor.user.id);
}
