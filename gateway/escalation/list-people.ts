import { worksOnCases } from '../api/auth/actor.ts';
import type { DirectoryUser } from '../registry/directory.ts';
import type { DutyRecord } from './duty-book.ts';
import type { PersonNow } from './people.ts';

/** What presence says of a person. */
export type Whereabouts = {
  readonly isPresent: boolean;
  /** `sound`: at a console that is there. */
  readonly duty: Pick<DutyRecord, 'on' | 'sound'> | null;
};

/**
 * Everybody who may be reached now. At a console one is on duty by sound that was proved and heartbeats that go on; a helper
 * needs neither, being reached by their own telephone. Pure.
 */
export function listPeople(
  users: readonly DirectoryUser[],
  whereIs: (user: DirectoryUser) => Whereabouts,
): readonly PersonNow[] {
  return users.flatMap((user) => {
    const { isPresent, duty } = whereIs(user);
    const isOn = duty?.on === true;
    const isAtConsole = isOn && duty.sound && isPresent && worksOnCases(user.roles);
    const isOnDuty = isAtConsole || (isOn && user.roles.includes('helper'));
    if (!isPresent && !isOnDuty) return [];
    return [{ userId: user.id, roles: user.roles, regions: user.regions, isPresent, isOnDuty }];
  });
}
