import type { ActionBody } from '../../api/contract/actions.ts';
import { checkClosing } from '../closing.ts';
import { isOpen } from '../record.ts';
import { keepGiven, logNothing, type ActionInput, type ActionTable, type Refusal } from './action.ts';

/** The end of a case, and what comes after it. */
export const ENDING = {
  resolve: {
    onColleagues: 'owner-or-supervisor',
    isForHelpers: false,
    event: () => 'resolve',
    check: checkResolve,
    brings: ({ body, actor, nowMs }) => ({
      resolution: { outcome: body.outcome, contact: body.contact ?? null, at: nowMs, by: actor.tag },
    }),
    log: ({ outcome, contact, name, text }) => ({
      data: { outcome, contact: contact ?? null },
      personal: keepGiven({ name, text }),
    }),
    isVoice: ({ contact }) => contact === 'spoke-with-person' || contact === 'spoke-with-someone-beside-them',
  },
  'follow-up': {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'follow-up',
    log: ({ text }) => ({ data: {}, personal: { text } }),
    milestones: () => ['followed-up'],
  },
  reopen: {
    onColleagues: 'anybody',
    isForHelpers: false,
    event: () => 'reopen',
    check: ({ incident }) =>
      incident.resolution?.mergedInto === undefined
        ? null
        : { code: 'wrong-state', detail: 'it lives on in the case that it was merged into' },
    log: logNothing,
  },
} as const satisfies ActionTable<'resolve' | 'follow-up' | 'reopen'>;

/** Who closes has not heard of a press that came in at the same moment, or that their screen does not show yet. */
function checkResolve(input: ActionInput<ActionBody<'resolve'>>): Refusal | null {
  const { incident, body, actor, pressesKnown } = input;
  if (!isOpen(incident)) return null;
  if (incident.presses > Math.min(pressesKnown, body.presses ?? pressesKnown)) {
    return { code: 'wrong-state', detail: 'it was pressed again just now' };
  }
  return checkClosing(incident.priority, body, actor.isSupervisor);
}
