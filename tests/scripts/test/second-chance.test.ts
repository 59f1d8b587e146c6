import { expect, test } from 'vitest';
import { filesToTryAgain, settle } from '../../../scripts/test/second-chance.ts';
import { formatTally, type Tally } from '../../../scripts/test/tally.ts';

const failing = (failed: number): Tally => ({
  passed: 10,
  failed,
  skipped: [],
  failures: Array.from({ length: failed }, (_, n) => `test ${n}: no`),
  unstable: [],
});
const passing: Tally = { ...failing(0), passed: 4 };

test('what failed and passes alone is counted as passed and named at the end', () => {
  const settled = settle(failing(2), passing);
  expect(settled).toMatchObject({ passed: 12, failed: 0, failures: [], unstable: ['test 0: no', 'test 1: no'] });
  expect(formatTally(settled)).toBe('12 passed, 0 failed, 2 unstable');
});

test('what fails alone, too, has failed', () => {
  expect(settle(failing(2), failing(1))).toEqual(failing(2));
});

test('many failures are a defect and get no second chance; nor does a run that failed without a failed test', () => {
  expect(filesToTryAgain({ tally: failing(3), failedFiles: ['a', 'b'] })).toEqual(['a', 'b']);
  expect(filesToTryAgain({ tally: failing(4), failedFiles: ['a'] })).toEqual([]);
  expect(filesToTryAgain({ tally: failing(1), failedFiles: [] })).toEqual([]);
});
