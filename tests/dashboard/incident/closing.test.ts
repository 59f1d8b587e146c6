import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  askAgain,
  buildClosing,
  CLOSING_CONTACTS,
  EMPTY_DRAFT,
  findMissing,
} from '../../../dashboard/incident/closing.ts';
import { CONTACT_NAMES, OUTCOME_NAMES } from '../../../dashboard/incident/codes.ts';
import { checkClosing } from '../../../gateway/incidents/closing.ts';

const text = fc.constantFrom('', '   ', 'Aunt Wang');
const draft = fc.record({
  outcome: fc.constantFrom(null, ...OUTCOME_NAMES),
  contact: fc.constantFrom(null, ...CONTACT_NAMES),
  name: text,
  text,
  presses: fc.integer({ min: 1, max: 3 }),
});
const incident = fc.record({ priority: fc.constantFrom(1, 2, 3, 4, 5), presses: fc.integer({ min: 1, max: 3 }) });
const first = { priority: 1, presses: 1 };

test('what the dialog sends, the gateway accepts', () => {
  fc.assert(
    fc.property(draft, incident, fc.boolean(), (filled, closed, isSupervisor) => {
      const body = buildClosing(filled, closed, isSupervisor);
      if (body !== null) expect(checkClosing(closed.priority, body, isSupervisor)).toBeNull();
    }),
  );
});

test('the dialog sends exactly when it says that nothing is missing', () => {
  fc.assert(
    fc.property(draft, incident, fc.boolean(), (filled, closed, isSupervisor) => {
      expect(buildClosing(filled, closed, isSupervisor) === null).toBe(
        findMissing(filled, closed, isSupervisor) !== null,
      );
    }),
  );
});

test('a priority 1 cannot be closed without how we know that the person is safe', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'false-alarm' } as const;
  expect(findMissing(filled, first, true)).toBe('contact');
  expect(findMissing({ ...filled, contact: 'no-answer' }, first, true)).toBe('contact');
  expect(findMissing(filled, { ...first, priority: 2 }, false)).toBeNull();
});

test('an unanswered call is not even offered', () => {
  expect(CLOSING_CONTACTS).not.toContain('no-answer');
});

test('only a supervisor closes without contact, and says why', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'other', contact: 'not-established' } as const;
  expect(findMissing({ ...filled, text: 'moved away' }, first, false)).toBe('supervisor');
  expect(findMissing(filled, first, true)).toBe('reason');
  expect(findMissing({ ...filled, text: 'moved away' }, first, true)).toBeNull();
});

test('"seen by" needs the name', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'helped', contact: 'seen-by' } as const;
  expect(findMissing({ ...filled, name: ' ' }, first, false)).toBe('name');
  expect(buildClosing({ ...filled, name: ' Wang ' }, first, false)).toEqual({
    outcome: 'helped',
    contact: 'seen-by',
    name: 'Wang',
    presses: 1,
  });
});

test('a press that came while somebody closed is never closed with the others: how the person is is asked anew', () => {
  const filled = { ...EMPTY_DRAFT, outcome: 'false-alarm', contact: 'spoke-with-person', text: 'fell asleep' } as const;
  for (const priority of [1, 2]) {
    const pressedAgain = { priority, presses: 2 };
    expect(findMissing(filled, pressedAgain, true)).toBe('press');
    expect(buildClosing(filled, pressedAgain, true)).toBeNull();
  }
  const seen = askAgain(filled, 2);
  expect(seen).toEqual({ ...filled, contact: null, presses: 2 });
  expect(findMissing(seen, { priority: 1, presses: 2 }, true)).toBe('contact');
  expect(buildClosing({ ...seen, contact: 'spoke-with-person' }, { priority: 1, presses: 2 }, true)).toMatchObject({
    presses: 2,
  });
});

test('what is sent tells how many presses were shown, not how many there are', () => {
  fc.assert(
    fc.property(draft, incident, fc.boolean(), (filled, closed, isSupervisor) => {
      const body = buildClosing(filled, closed, isSupervisor);
      if (body !== null) expect(body.presses).toBe(filled.presses);
      if (closed.presses > filled.presses) expect(body).toBeNull();
    }),
  );
});
