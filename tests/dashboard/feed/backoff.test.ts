import { expect, test } from 'vitest';
import { calcRetryMs } from '../../../dashboard/feed/backoff.ts';

test('waits grow, never beyond four seconds, and consoles do not come back all at once', () => {
  expect(calcRetryMs(0, 1)).toBe(500);
  expect(calcRetryMs(2, 1)).toBe(2000);
  expect(calcRetryMs(50, 1)).toBe(4000);
  expect(calcRetryMs(50, 0)).toBe(2000);
});
