import type { Directory, DirectoryResident } from '../../registry/directory.ts';
import type { Actor } from '../auth/actor.ts';
import { canSee } from '../auth/scope.ts';
import type { ActionBody, IncidentByHand } from '../contract/actions.ts';
import { INCIDENT_STATES, type IncidentState } from '../contract/incident.ts';
import { ProblemError } from '../problems.ts';
import { canSeeResident } from './register-view.ts';

/** What a request about incidents must be beyond its schema. All throw ProblemError. */

/** null: every state. */
export function parseStates(text: string | undefined): ReadonlySet<IncidentState> | null {
  if (text === 'all') return null;
  if (text === undefined) return new Set(INCIDENT_STATES.filter((state) => state !== 'resolved'));
  const wanted = text.split(',');
  const known = INCIDENT_STATES.filter((state) => wanted.includes(state));
  if (known.length !== new Set(wanted).size) {
    throw badField('/querystring/state', `one of ${INCIDENT_STATES.join(', ')}, or all`);
  }
  return new Set(known);
}

/** A person or home outside one's region is not there; a person is not called for in somebody else's home. */
export function checkByHand(body: IncidentByHand, actor: Actor, directory: Directory): void {
  const { residentId, homeId, text } = body;
  if (residentId === undefined && homeId === undefined && text === undefined) {
    throw badField('/body', 'needs residentId, homeId or text');
  }
  const resident = residentId === undefined ? undefined : directory.resident(residentId);
  if (residentId !== undefined && (resident === undefined || !canSeeResident(directory, actor, resident))) {
    throw new ProblemError('not-found', 'no such resident');
  }
  const home = homeId === undefined ? undefined : directory.home(homeId);
  if (homeId !== undefined && (home === undefined || !canSee(actor, home.region))) {
    throw new ProblemError('not-found', 'no such home');
  }
  if (resident !== undefined && home !== undefined && resident.homeId !== home.id) {
    throw badField('/body/homeId', 'is not where this resident lives; give one of the two, and the place in the text');
  }
}

/** Any contact of a resident whose file the actor may read: a neighbour may be asked about somebody else. */
export function checkCall(
  { contactId, number }: ActionBody<'call'>,
  directory: Directory,
  canRead: (resident: DirectoryResident) => boolean,
): void {
  if (contactId === undefined) {
    if (number === undefined) throw badField('/body', 'needs contactId or number');
    return;
  }
  const isKnown = directory
    .residents()
    .some((resident) => resident.contacts.some(({ id }) => id === contactId) && canRead(resident));
  if (!isKnown) throw badField('/body/contactId', 'is no contact of a resident whose file you may read');
}

/** A person outside one's region is not there, unless the case itself opens her file. */
export function checkIdentify(
  { residentId }: ActionBody<'identify'>,
  directory: Directory,
  canRead: (resident: DirectoryResident) => boolean,
): void {
  const resident = directory.resident(residentId);
  if (resident === undefined || !canRead(resident)) {
    throw badField('/body/residentId', 'is no resident in your regions');
  }
}

/** `path` begins with the part of the request, as the schema's own errors do. */
export function badField(path: string, message: string): ProblemError {
  return new ProblemError('bad-request', 'Some fields are not as they should be', { errors: [{ path, message }] });
}
