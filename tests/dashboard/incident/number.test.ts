import { expect, test } from 'vitest';
import { formatNumber } from '../../../dashboard/incident/number.ts';

test.each([
  ['+8613805741234', '+86 138 0574 1234'],
  ['+8657462880101', '+86 574 6288 0101'],
  ['+861062880101', '+86 10 6288 0101'],
  ['+442071234567', '+442071234567'],
  ['120', '120'],
])('%s is read as %s', (number, words) => {
  expect(formatNumber(number)).toBe(words);
});
