import { describe, expect, test } from 'vitest';
import { CONTACT_KINDS, OUTCOMES, type ContactKind } from '../../../gateway/api/contract/incident.ts';
import { checkClosing } from '../../../gateway/incidents/closing.ts';

type Verdict = 'closes' | 'contact-needed' | 'forbidden';

/** Who may close with what, with everything given that the kind asks for. */
const TABLE: Record<ContactKind, { readonly operator: Verdict; readonly supervisor: Verdict }> = {
  'spoke-with-person': { operator: 'closes', supervisor: 'closes' },
  'spoke-with-someone-beside-them': { operator: 'closes', supervisor: 'closes' },
  'seen-by': { operator: 'closes', supervisor: 'closes' },
  'handed-over': { operator: 'closes', supervisor: 'closes' },
  'not-established': { operator: 'forbidden', supervisor: 'closes' },
  'no-answer': { operator: 'contact-needed', supervisor: 'contact-needed' },
};

const priorities = [1, 2, 3, 4, 5] as const;
const cases = CONTACT_KINDS.flatMap((contact) =>
  priorities.flatMap((priority) => [false, true].map((isSupervisor) => ({ contact, priority, isSupervisor }))),
);

describe('Closing', () => {
  test.each(cases)(
    'priority $priority with $contact, supervisor: $isSupervisor',
    ({ contact, priority, isSupervisor }) => {
      const body = { outcome: 'helped', contact, name: 'a neighbour', text: 'a reason' } as const;
      const verdict = checkClosing(priority, body, isSupervisor)?.code ?? 'closes';
      expect(verdict).toBe(TABLE[contact][isSupervisor ? 'supervisor' : 'operator']);
    },
  );

  test.each(OUTCOMES)('a priority 1 is not closed as %s without a contact, by nobody', (outcome) => {
    for (const isSupervisor of [false, true]) {
      expect(checkClosing(1, { outcome, text: 'presses often' }, isSupervisor)?.code).toBe('contact-needed');
    }
  });

  test('below priority 1 the contact may be left out', () => {
    for (const priority of [2, 3, 4, 5] as const) {
      expect(checkClosing(priority, { outcome: 'no-need' }, false)).toBeNull();
    }
  });

  test('"seen by" needs the name of who saw, and blanks are no name', () => {
    for (const name of [undefined, '', '  ']) {
      const body = { outcome: 'helped', contact: 'seen-by', ...(name === undefined ? {} : { name }) } as const;
      expect(checkClosing(1, body, true)?.code).toBe('contact-needed');
    }
  });

  test('"not established" needs a reason, also from a supervisor', () => {
    const body = { outcome: 'other', contact: 'not-established', text: ' ' } as const;
    expect(checkClosing(1, body, true)?.code).toBe('contact-needed');
  });
});
