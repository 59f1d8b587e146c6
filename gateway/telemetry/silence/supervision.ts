import type { Directory } from '../../registry/directory.ts';
import { isPaused } from '../../registry/status-rules.ts';

type Bound = {
  readonly retiredAt: string | null;
  readonly homeId: string | null;
  readonly residentIds: readonly string[];
};

type People = Pick<Directory, 'statusOf'> & {
  readonly residentsOfHome: (homeId: string) => readonly { readonly id: string }[];
};

/**
 * Whether somebody relies on a device now: it is in service, belongs to a home or to people, and where it belongs to people not
 * all of them are away or looked after elsewhere. Pure but for reading the directory.
 */
export function isSupervised({ retiredAt, homeId, residentIds }: Bound, directory: People, nowMs: number): boolean {
  if (retiredAt !== null) return false;
  const inHome = homeId === null ? [] : directory.residentsOfHome(homeId).map(({ id }) => id);
  const people = residentIds.length > 0 ? residentIds : inHome;
  if (people.length === 0) return homeId !== null;
  return people.some((id) => !isPaused('silence-rules', directory.statusOf(id, nowMs).kind));
}
