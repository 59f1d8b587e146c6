import { expect, test } from 'vitest';
import { formatTable } from '../../../scripts/bench/table.ts';

const line = { what: 'press', ours: '2.00 ms', other: '1.00 ms', ratio: 2, goal: '≤ 2.5', notes: [] };

test('it is a table of Markdown whose columns are as wide as their widest cell', () => {
  expect(formatTable([line, { ...line, what: 'a longer one', ratio: null, goal: '' }])).toBe(
    [
      '| what         | ours    | the other | ratio | goal  |',
      '| ------------ | ------- | --------- | ----- | ----- |',
      '| press        | 2.00 ms | 1.00 ms   | 2.00  | ≤ 2.5 |',
      '| a longer one | 2.00 ms | 1.00 ms   |       |       |',
    ].join('\n'),
  );
});

test('what spoils a line stands below, once', () => {
  const notes = ['the generator may be the limit'];
  const text = formatTable([
    { ...line, notes },
    { ...line, notes },
  ]);
  expect(text.split('\n').slice(-2)).toEqual(['', '- the generator may be the limit']);
});

test('a small ratio keeps its digits, and what could not be measured is no figure', () => {
  expect(formatTable([{ ...line, ratio: 1 / 35 }])).toContain('| 0.029 |');
  expect(formatTable([{ ...line, ratio: Number.NaN }])).toContain('| ?     |');
  expect(formatTable([{ ...line, ratio: Infinity }])).toContain('| ?     |');
});
