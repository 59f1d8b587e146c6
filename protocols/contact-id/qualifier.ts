import type { ContactIdEvent } from './message.ts';

/** The first digit of an event (DC-05 §4.2). */
const QUALIFIERS = { 1: 'new', 3: 'restored', 6: 'still' } as const satisfies Record<
  number,
  ContactIdEvent['qualifier']
>;

/** Undefined for every digit but 1, 3 and 6. */
export function qualifierOf(digit: string): ContactIdEvent['qualifier'] | undefined {
  const known: Readonly<Record<string, ContactIdEvent['qualifier']>> = QUALIFIERS;
  return Object.hasOwn(known, digit) ? known[digit] : undefined;
}

export function digitOf(qualifier: ContactIdEvent['qualifier']): string {
  return { new: '1', restored: '3', still: '6' }[qualifier];
}
