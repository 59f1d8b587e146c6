import type { Directory, DirectoryDevice } from '../../registry/directory.ts';
import type { Actor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { ProblemError } from '../problems.ts';
import { canSeeDevice } from './register-view.ts';

/** Which device is asked for, and what opens its file. */
export type DeviceReads = {
  readonly directory: () => Directory;
  readonly caseFiles: Pick<CaseFiles, 'device'>;
};

/** One of their regions, or one whose file an open case opens. @throws ProblemError `not-found` */
export function findReadableDevice({ directory, caseFiles }: DeviceReads, actor: Actor, id: string): DirectoryDevice {
  const device = directory().device(id);
  return device !== undefined && caseFiles.device(actor, device) ? device : findVisibleDevice(directory(), actor, id);
}

/** A device of their regions. @throws ProblemError `not-found` */
export function findVisibleDevice(directory: Directory, actor: Actor, id: string): DirectoryDevice {
  const device = directory.device(id);
  if (device === undefined || !canSeeDevice(directory, actor, device)) throw new ProblemError('not-found');
  return device;
}
