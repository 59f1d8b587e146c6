import type { Tally } from './tally.ts';
import type { Outcome } from './vitest-report.ts';

/** Most failed tests of a project that are taken for unlucky; more of them are a defect. Chosen. */
const MOST_UNLUCKY = 3;

/** The files to run once more, alone; none when too much failed, or something else than a test. */
export function filesToTryAgain({ tally, failedFiles }: Outcome): readonly string[] {
  return tally.failed <= MOST_UNLUCKY ? failedFiles : [];
}

/** What failed among many processes and passed alone is counted as passed and named: it is a weakness, and not hidden. */
export function settle(first: Tally, again: Tally): Tally {
  if (again.failed > 0) return first;
  return { ...first, passed: first.passed + first.failed, failed: 0, failures: [], unstable: first.failures };
}
