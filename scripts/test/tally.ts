/**
 * What was counted; skipped tests by name, so that none is skipped unseen; what failed with the first line of why, and what
 * failed at first and passed alone (counted as passed).
 */
export type Tally = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  readonly failures: readonly string[];
  readonly unstable: readonly string[];
};

export function addTallies(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, { passed }) => sum + passed, 0),
    failed: tallies.reduce((sum, { failed }) => sum + failed, 0),
    skipped: tallies.flatMap(({ skipped }) => [...skipped]),
    failures: tallies.flatMap(({ failures }) => [...failures]),
    unstable: tallies.flatMap(({ unstable }) => [...unstable]),
  };
}

/** The last line of a test run. */
export function formatTally({ passed, failed, skipped, unstable }: Tally): string {
  const more = [
    skipped.length === 0 ? '' : `, ${skipped.length} skipped`,
    unstable.length === 0 ? '' : `, ${unstable.length} unstable`,
  ];
  return `${passed} passed, ${failed} failed${more.join('')}`;
}
