import { expect, test } from 'vitest';
import { formatTable } from '../../../scripts/zhuji/table.ts';

test('columns stand under each other, Chinese characters being two wide', () => {
  expect(
    formatTable(
      ['A', 'B'],
      [
        ['王秀英', 'x'],
        ['ab', 'y'],
      ],
    ),
  ).toBe('A       B\n王秀英  x\nab      y');
});

test('an empty list is its headings', () => {
  expect(formatTable(['A', 'B'], [])).toBe('A  B');
});
