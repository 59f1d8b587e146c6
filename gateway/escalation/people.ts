import type { Role } from '../api/contract/session.ts';

/** A person who may be reached now. Built from the register and from presence; whoever left is in no list. */
export type PersonNow = {
  readonly userId: string;
  readonly roles: readonly Role[];
  /** Scopes, as the register has them. */
  readonly regions: readonly string[];
  /** A console of theirs sends heartbeats. */
  readonly isPresent: boolean;
  /** They said that they are on duty (and, at a console, proved that they hear it). */
  readonly isOnDuty: boolean;
};

/** Who is there now. Synchronous: a step that fires waits for nobody. */
export type People = {
  readonly list: () => readonly PersonNow[];
  /**
   * When the claims of this person lapse, epoch milliseconds: their last sign of life and the time of grace. Null where
   * presence says nothing of them: the command line, and for some time after a start.
   */
  readonly leaseUntil: (userId: string) => number | null;
  /** Whether their time is over, by the monotonic clock. */
  readonly hasLapsed: (userId: string) => boolean;
};
