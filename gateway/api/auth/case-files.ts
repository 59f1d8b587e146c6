import type { OpenIncident } from '../../incidents/record.ts';
import type { Directory, DirectoryDevice, DirectoryHome, DirectoryResident } from '../../registry/directory.ts';
import { type Actor, worksOnCases } from './actor.ts';
import { canSeeIncident } from './incident-scope.ts';

/**
 * What an open case opens to whoever may see it although it is not of their region: else an operator to whom it rings
 * because nobody else is there would see no name, no address and no door code. It ends with the case. The single files
 * alone: no list and no search leads to them, and nothing may be changed through them.
 */
export type CaseFiles = {
  readonly resident: (actor: Actor, resident: Pick<DirectoryResident, 'id'>) => boolean;
  readonly home: (actor: Actor, home: Pick<DirectoryHome, 'id'>) => boolean;
  /** Not of a device that was handed on since: it tells of its next wearer. */
  readonly device: (actor: Actor, device: Pick<DirectoryDevice, 'id' | 'boundFrom'>) => boolean;
};

export function createCaseFiles(deps: {
  readonly open: () => readonly OpenIncident[];
  readonly directory: () => Pick<Directory, 'resident'>;
}): CaseFiles {
  /** Of many who were called only the one who goes needs to know whose door it is. */
  const isNeeded = (actor: Actor, incident: OpenIncident): boolean =>
    canSeeIncident(actor, incident) &&
    (actor.kind === 'local' || worksOnCases(actor.user.roles) || incident.helperId === actor.user.id);
  const isOf = (incident: OpenIncident, residentId: string): boolean =>
    incident.residentId === residentId || incident.candidates.includes(residentId);
  const isAt = ({ homeId, residentId, candidates }: OpenIncident, wanted: string): boolean =>
    homeId === wanted ||
    [residentId, ...candidates].some((id) => id !== null && deps.directory().resident(id)?.homeId === wanted);
  return {
    resident: (actor, { id }) => deps.open().some((incident) => isOf(incident, id) && isNeeded(actor, incident)),
    home: (actor, { id }) => deps.open().some((incident) => isAt(incident, id) && isNeeded(actor, incident)),
    device: (actor, { id, boundFrom }) =>
      deps.open().some((incident) => {
        const isBoundAsThen = boundFrom === null || incident.openedAt >= Date.parse(boundFrom);
        return incident.deviceId === id && isBoundAsThen && isNeeded(actor, incident);
      }),
  };
}
