import { expect, test } from 'vitest';
import { calcOffsetMs } from '../../../dashboard/clock/offset.ts';

const header = 'Sun, 01 Mar 2026 18:00:00 GMT';
const gateway = Date.parse(header);

test('clocks that agree within what a header can tell count as equal', () => {
  expect(calcOffsetMs(header, gateway + 1200)).toBe(0);
  expect(calcOffsetMs(header, gateway - 900)).toBe(0);
});

test('a workstation whose clock is an hour behind is corrected', () => {
  expect(calcOffsetMs(header, gateway - 3_600_000)).toBe(3_600_500);
});

test('a header that is no date corrects nothing', () => {
  expect(calcOffsetMs('soon', gateway)).toBe(0);
});
