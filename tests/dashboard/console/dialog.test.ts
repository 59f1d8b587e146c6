import { expect, test } from 'vitest';
import { calcDialog } from '../../../dashboard/console/dialog.ts';

test('the closing dialog goes with its case, and never stands over another one', () => {
  const asked = { dialog: 'resolve', caseId: 'x' } as const;
  expect(calcDialog(asked, 'x')).toBe('resolve');
  expect(calcDialog(asked, null)).toBeNull();
  expect(calcDialog(asked, 'y')).toBeNull();
  expect(calcDialog({ dialog: 'resolve', caseId: null }, null)).toBeNull();
});

test('other dialogs stay, whatever comes and goes behind them', () => {
  for (const dialog of ['sound', 'help', 'by-hand', 'leave'] as const) {
    for (const openedId of [null, 'x', 'y']) expect(calcDialog({ dialog, caseId: 'x' }, openedId)).toBe(dialog);
  }
  expect(calcDialog(null, 'x')).toBeNull();
});
