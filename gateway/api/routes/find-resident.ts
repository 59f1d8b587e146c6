import type { Directory, DirectoryResident } from '../../registry/directory.ts';
import type { Actor } from '../auth/actor.ts';
import type { CaseFiles } from '../auth/case-files.ts';
import { ProblemError } from '../problems.ts';
import { canSeeResident } from './register-view.ts';

/** Whose file is asked for, and what opens it. */
export type FileReads = {
  readonly directory: () => Directory;
  readonly caseFiles: Pick<CaseFiles, 'resident'>;
};

/** Whether somebody may read the file of a person: they are of their regions, or an open case opens it. */
export function canReadResident(
  { directory, caseFiles }: FileReads,
  actor: Actor,
  resident: DirectoryResident,
): boolean {
  return canSeeResident(directory(), actor, resident) || caseFiles.resident(actor, resident);
}

/** @throws ProblemError `not-found`, also where there is somebody whose file is not theirs to read */
export function findReadable(reads: FileReads, actor: Actor, id: string): DirectoryResident {
  const resident = reads.directory().resident(id);
  if (resident === undefined || !canReadResident(reads, actor, resident)) throw new ProblemError('not-found');
  return resident;
}

/** A person of their regions. @throws ProblemError `not-found` */
export function findVisible(directory: Directory, actor: Actor, id: string): DirectoryResident {
  const resident = directory.resident(id);
  if (resident === undefined || !canSeeResident(directory, actor, resident)) throw new ProblemError('not-found');
  return resident;
}
