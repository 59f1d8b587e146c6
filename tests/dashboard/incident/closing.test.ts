import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildClosing, CLOSING_CONTACTS, EMPTY_DRAFT, findMissing } from '../../../dashboard/incident/closing.ts';
import { CONTACT_NAMES, OUTCOME_NAMES } from '../../../dashboard/incident/codes.ts';
import { checkClosing } from '../../../gateway/incidents/closing.ts';

const text = fc.constantFrom('', '   ', 'Aunt Wang');
const draft = fc.record({
  outcome: fc.constantFrom(null, ...OUTCOME_NAMES),
  contact: fc.constantFrom(null, ...CONTACT_NAMES),
  name: text,
  text,
});
const priority = fc.constantFrom(1, 2, 3, 4, 5);

test('what the dialog sends, the gateway accepts', () => {
  fc.assert(
    fc.property(draft, priority, fc.boolean(), (filled, level, isSupervisor) => {
      const body = buildClosing(filled, level, isSupervisor);
      if (body !== null) expect(checkClosing(level, body, isSupervisor)).toBeNull();
    }),
  );
});

test('the dialog sends exactly when it says that nothing is missing', () => {
  fc.assert(
    fc.property(draft, priority, fc.boolean(), (filled, level, isSupervisor) => {
      expect(buildClosing(filled, level, isSupervisor) === null).toBe(
        findMissing(filled, level, isSupervisor) !== null,
      );
    }),
  );
});

test('a priority 1 cannot be closed without how we know that the person is safe', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'false-alarm' } as const;
  expect(findMissing(filled, 1, true)).toBe('contact');
  expect(findMissing({ ...filled, contact: 'no-answer' }, 1, true)).toBe('contact');
  expect(findMissing(filled, 2, false)).toBeNull();
});

test('an unanswered call is not even offered', () => {
  expect(CLOSING_CONTACTS).not.toContain('no-answer');
});

test('only a supervisor closes without contact, and says why', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'other', contact: 'not-established' } as const;
  expect(findMissing({ ...filled, text: 'moved away' }, 1, false)).toBe('supervisor');
  expect(findMissing(filled, 1, true)).toBe('reason');
  expect(findMissing({ ...filled, text: 'moved away' }, 1, true)).toBeNull();
});

test('"seen by" needs the name', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'helped', contact: 'seen-by' } as const;
  expect(findMissing({ ...filled, name: ' ' }, 1, false)).toBe('name');
  expect(buildClosing({ ...filled, name: ' Wang ' }, 1, false)).toEqual({
    outcome: 'helped',
    contact: 'seen-by',
    name: 'Wang',
  });
});
