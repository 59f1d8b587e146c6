export type Dialog = 'sound' | 'help' | 'by-hand' | 'leave' | 'resolve';

/** A dialog that was asked for, and the case that was open then. */
export type AskedDialog = { readonly dialog: Dialog; readonly caseId: string | null };

/** What stands in front now: closing belongs to its case, and goes with it. Pure. */
export function calcDialog(asked: AskedDialog | null, openedId: string | null): Dialog | null {
  if (asked === null) return null;
  return asked.dialog === 'resolve' && (openedId === null || asked.caseId !== openedId) ? null : asked.dialog;
}
