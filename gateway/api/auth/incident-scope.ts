import { isTold } from '../../incidents/performer.ts';
import type { IncidentRecord } from '../../incidents/record.ts';
import type { Actor } from './actor.ts';
import { worksOnCases } from './actor.ts';
import { isInScope } from './scope.ts';

/**
 * Whether somebody may see a case and act on it, the one rule for lists, files, the feed and actions (design §4 Policy, §8):
 * who works on cases sees those of the own regions, those of no region, and those that had to ring beyond their region, so
 * that no scope hides a cry for help; a helper sees those to which they were called or sent.
 */
export function canSeeIncident(actor: Actor, incident: IncidentRecord): boolean {
  if (actor.kind === 'local') return true;
  const { id, roles, regions } = actor.user;
  if (worksOnCases(roles) && (incident.isForAll || isInScope(regions, incident.region))) return true;
  return roles.includes('helper') && isTold(incident, id);
}
