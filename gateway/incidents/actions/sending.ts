import type { NotificationDraft } from '../commit.ts';
import { actsAsHelper } from '../performer.ts';
import type { IncidentRecord } from '../record.ts';
import type { TransitionInput } from '../transition.ts';
import { keepGiven, logNothing, type ActionInput, type ActionTable, type Refusal } from './action.ts';

/** A helper who names no time; chosen, from the ten-minute service circle. */
const USUAL_MINUTES = 10;
const MINUTE_MS = 60_000;

/** Somebody goes there. Steps may come without the ones before: they are told as they become known. */
export const SENDING = {
  dispatch: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'dispatch',
    check: ({ body, register }) =>
      register.user(body.helperId)?.roles.includes('helper') === true
        ? null
        : { code: 'bad-request', path: '/body/helperId', detail: 'is no helper' },
    brings: ({ body }) => ({ helperId: body.helperId }),
    log: ({ helperId }) => ({ data: { helperId }, personal: null }),
    milestones: () => ['dispatched'],
    notifies: ({ body, nowMs }, after) => [tellHelper(after, body.helperId, nowMs)],
  },
  accept: {
    onColleagues: 'anybody',
    isForHelpers: true,
    event: () => 'accept',
    check: checkGoing,
    brings: (input) => ({
      ...bringHelper(input),
      promisedAt: input.nowMs + (input.body.minutes ?? USUAL_MINUTES) * MINUTE_MS,
    }),
    log: ({ minutes }) => ({ data: { minutes: minutes ?? USUAL_MINUTES }, personal: null }),
    milestones: () => ['accepted'],
  },
  decline: {
    onColleagues: 'anybody',
    isForHelpers: true,
    // One of several who were asked: the one who was sent is still on the way.
    event: ({ incident, actor }) =>
      incident.state !== 'resolved' && actsAsHelper(incident, actor) && incident.helperId !== actor.id
        ? 'comment'
        : 'decline',
    check: ({ incident, actor }) =>
      incident.helperId === null && !actsAsHelper(incident, actor)
        ? { code: 'wrong-state', detail: 'nobody was sent' }
        : null,
    log: ({ reason }) => ({ data: {}, personal: keepGiven({ reason }) }),
  },
  arrive: {
    onColleagues: 'anybody',
    isForHelpers: true,
    event: () => 'arrive',
    brings: bringHelper,
    log: logNothing,
    milestones: () => ['arrived'],
  },
  'with-person': {
    onColleagues: 'anybody',
    isForHelpers: true,
    event: () => 'with-person',
    brings: (input) => ({ ...bringHelper(input), isUnheard: false }),
    log: logNothing,
  },
  'no-access': {
    onColleagues: 'anybody',
    isForHelpers: true,
    event: () => 'no-access',
    log: logNothing,
  },
} as const satisfies ActionTable<'dispatch' | 'accept' | 'decline' | 'arrive' | 'with-person' | 'no-access'>;

/** A helper who says so themselves is the one who goes; said by somebody else it stays whoever was sent. */
function bringHelper({ incident, actor }: ActionInput<unknown>): Partial<TransitionInput> {
  return actsAsHelper(incident, actor) ? { helperId: actor.id } : {};
}

/** The first who accepts goes, and nobody is on the way any more who is there already. */
function checkGoing({ incident, actor }: ActionInput<unknown>): Refusal | null {
  if (incident.state === 'arrived' || incident.state === 'with-person' || incident.state === 'handed-over') {
    return { code: 'wrong-state', detail: 'somebody is there already' };
  }
  if (incident.state !== 'accepted' || !actsAsHelper(incident, actor) || incident.helperId === actor.id) return null;
  return { code: 'claimed-by-other', detail: 'somebody is on the way already' };
}

function tellHelper(after: IncidentRecord, helperId: string, at: number): NotificationDraft {
  return {
    id: `${after.id}:${after.version}:user:${helperId}`,
    incidentId: after.id,
    to: { kind: 'user', id: helperId },
    reason: 'dispatch',
    step: 'dispatch',
    at,
  };
}
