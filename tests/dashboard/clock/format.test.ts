import { expect, test } from 'vitest';
import { formatElapsed, formatMoment, formatTime } from '../../../dashboard/clock/format.ts';

test.each([
  [-5000, '00:00'],
  [0, '00:00'],
  [999, '00:00'],
  [42_000, '00:42'],
  [59 * 60_000 + 59_000, '59:59'],
  [3_600_000, '1:00:00'],
  [3_725_000, '1:02:05'],
  [23 * 3_600_000 + 59 * 60_000 + 59_000, '23:59:59'],
  [86_400_000, '1d 00:00'],
  [3 * 86_400_000 + 4 * 3_600_000 + 5 * 60_000, '3d 04:05'],
])('%i ms read as %s', (ms, words) => {
  expect(formatElapsed(ms)).toBe(words);
});

test('a moment of another day says which day', () => {
  const at = new Date(2026, 2, 1, 2, 13, 5).getTime();
  const sameDay = new Date(2026, 2, 1, 23, 59).getTime();
  const nextDay = new Date(2026, 2, 2, 0, 1).getTime();
  expect(formatTime(at)).toBe('02:13:05');
  expect(formatMoment(at, sameDay)).toBe('02:13:05');
  expect(formatMoment(at, nextDay)).toBe('2026-03-01 02:13:05');
});
