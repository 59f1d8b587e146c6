import type { ActionBody } from '../api/contract/actions.ts';
import type { ContactKind } from '../api/contract/incident.ts';
import type { Priority } from '../../devices/alarm-types.ts';

/** Which kinds of contact close a priority 1, and what each must come with (design §4 Closing). */
const CLOSES = {
  'spoke-with-person': { closes: true, needs: null, supervisorOnly: false },
  'spoke-with-someone-beside-them': { closes: true, needs: null, supervisorOnly: false },
  'seen-by': { closes: true, needs: 'name', supervisorOnly: false },
  'handed-over': { closes: true, needs: null, supervisorOnly: false },
  'not-established': { closes: true, needs: 'text', supervisorOnly: true },
  'no-answer': { closes: false, needs: null, supervisorOnly: false },
} as const satisfies Record<
  ContactKind,
  { readonly closes: boolean; readonly needs: 'name' | 'text' | null; readonly supervisorOnly: boolean }
>;

export type ClosingFault = { readonly code: 'contact-needed' | 'forbidden'; readonly detail: string };

/**
 * Whether a resolve says how we know that the person is safe. An unanswered call never suffices, whatever the history;
 * "not established" is a supervisor's decision with a reason. Below priority 1 contact may be left out, but what is given
 * must be whole.
 */
export function checkClosing(
  priority: Priority,
  body: ActionBody<'resolve'>,
  isSupervisor: boolean,
): ClosingFault | null {
  if (body.contact === undefined) {
    return priority === 1
      ? { code: 'contact-needed', detail: 'a priority 1 is closed only with how we know that the person is safe' }
      : null;
  }
  const rule = CLOSES[body.contact];
  if (!rule.closes) {
    return { code: 'contact-needed', detail: `${body.contact} does not tell that the person is safe` };
  }
  if (rule.supervisorOnly && !isSupervisor) {
    return { code: 'forbidden', detail: `only a supervisor closes with ${body.contact}` };
  }
  if (rule.needs !== null && (body[rule.needs] ?? '').trim() === '') {
    return {
      code: 'contact-needed',
      detail: `${body.contact} needs ${rule.needs === 'name' ? 'the name' : 'a reason'}`,
    };
  }
  return null;
}
