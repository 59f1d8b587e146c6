import type { RingCircle } from '../api/contract/incident.ts';
import { supervises, worksOnCases } from '../api/auth/actor.ts';
import { isInScope } from '../api/auth/scope.ts';
import type { NotificationDraft } from '../incidents/commit.ts';
import type { StepTarget } from '../incidents/policy.ts';
import type { OpenIncident } from '../incidents/record.ts';
import type { PersonNow } from './people.ts';

/** Whom a step reaches now. Nobody at all means that it is passed over. */
export type Reached = {
  /** Where it rings on consoles. */
  readonly circles: readonly RingCircle[];
  /** Who is reached there. */
  readonly userIds: readonly string[];
  /** Who is told by other channels. */
  readonly notify: readonly NotificationDraft['to'][];
};

export const NOBODY: Reached = { circles: [], userIds: [], notify: [] };

/** Contacts of the incident's residents who asked to be told at once and may be told. */
export type NoticeContacts = (residentId: string) => readonly string[];

/** Whether there is a channel beyond the screens that takes something for this person. */
export type CanNotify = (to: NotificationDraft['to']) => boolean;

const WITH_HELPER: ReadonlySet<OpenIncident['state']> = new Set(['accepted', 'arrived', 'with-person']);

/** Looks a step's people up. Pure. */
export function calcReach(
  target: StepTarget,
  incident: Pick<OpenIncident, 'region' | 'residentId' | 'state' | 'helperId' | 'ladder'>,
  people: readonly PersonNow[],
  contactsOf: NoticeContacts,
  canNotify: CanNotify,
): Reached {
  const operators = people.filter(({ isPresent, roles }) => isPresent && worksOnCases(roles));
  switch (target) {
    case 'duty-operators': {
      const onDuty = operators.filter((person) => person.isOnDuty && isInScope(person.regions, incident.region));
      if (onDuty.length > 0) return atConsoles(['duty'], onDuty);
      // Nobody's region, or one where nobody is on duty: everybody who is logged in (design §4 Policy).
      return atConsoles(['duty', 'operators'], operators);
    }
    case 'all-operators':
      return atConsoles(['operators'], operators);
    case 'supervisors':
      return atConsoles(
        ['supervisors'],
        operators.filter(({ roles }) => supervises(roles)),
      );
    case 'duty-helpers': {
      // Whoever is on the way or there is not called a second time.
      const busyId = WITH_HELPER.has(incident.state) ? incident.helperId : null;
      const helpers = people.filter(
        (person) =>
          person.isOnDuty &&
          person.userId !== busyId &&
          person.userId !== incident.ladder?.exceptId &&
          person.roles.includes('helper') &&
          isInScope(person.regions, incident.region),
      );
      const asked = helpers.map(({ userId }): NotificationDraft['to'] => ({ kind: 'user', id: userId }));
      return { ...NOBODY, notify: asked.filter(canNotify) };
    }
    case 'contacts': {
      const contacts = incident.residentId === null ? [] : contactsOf(incident.residentId);
      const asked = contacts.map((id): NotificationDraft['to'] => ({ kind: 'contact', id }));
      return { ...NOBODY, notify: asked.filter(canNotify) };
    }
  }
}

function atConsoles(circles: readonly RingCircle[], people: readonly PersonNow[]): Reached {
  return people.length === 0 ? NOBODY : { circles, userIds: people.map(({ userId }) => userId), notify: [] };
}
