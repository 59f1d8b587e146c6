import { isInScope } from '../../api/auth/scope.ts';
import type { Role } from '../../api/contract/session.ts';
import { isOpen } from '../record.ts';
import { logNothing, type ActionInput, type ActionTable, type Refusal } from './action.ts';

/** Who has the case. The owner is a person, not a session; from one to another it goes by a hand-over that is accepted. */
export const OWNING = {
  claim: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'claim',
    check: ({ incident, actor }) => {
      const isOthers = incident.ownerId !== null && incident.ownerId !== actor.id;
      return isOpen(incident) && isOthers && incident.handoverTo !== actor.id
        ? { code: 'claimed-by-other', detail: 'a colleague has it' }
        : null;
    },
    log: logNothing,
  },
  release: {
    onColleagues: 'owner-or-supervisor',
    isForHelpers: false,
    event: () => 'release',
    log: logNothing,
  },
  handover: {
    onColleagues: 'owner-or-supervisor',
    isForHelpers: false,
    event: () => 'handover',
    check: checkReceiver,
    brings: ({ body }) => ({ handoverTo: body.to }),
    log: ({ to }) => ({ data: { to }, personal: null }),
  },
} as const satisfies ActionTable<'claim' | 'release' | 'handover'>;

const WORKS_ON_CASES: readonly Role[] = ['operator', 'supervisor', 'admin'];

/** Only to somebody who may work on this case, and not to whoever has it already. */
function checkReceiver({ incident, body, actor, register }: ActionInput<{ readonly to: string }>): Refusal | null {
  const path = '/body/to';
  const receiver = register.user(body.to);
  if (receiver === undefined || !receiver.roles.some((role) => WORKS_ON_CASES.includes(role))) {
    return { code: 'bad-request', path, detail: 'is nobody who works on cases' };
  }
  if (!incident.isForAll && !isInScope(receiver.regions, incident.region)) {
    return { code: 'bad-request', path, detail: 'does not work in this region' };
  }
  if (body.to === (incident.ownerId ?? actor.id)) {
    return { code: 'bad-request', path, detail: 'has it already' };
  }
  return null;
}
