import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/harness/longest-first.ts';

const needsServers = ['tests/smoke/**/*.test.ts', 'tests/guards/**/*.test.ts', 'tests/**/*.real.test.ts'];
const needsBrowser = ['tests/browser/**/*.test.ts'];
/** Not part of `npm test`: `npm run campaign`. */
const campaign = ['tests/campaign/**/*.test.ts'];

export default defineConfig({
  test: {
    teardownTimeout: 30_000,
    // Most of a smoke test is waiting: three keep two cores busy. With four, what a test waits for has to wait itself.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts', 'tests/**/*.test.tsx'],
          exclude: [...needsServers, ...needsBrowser, ...campaign],
          // They are pure: the code is loaded once a worker instead of once a file, which was half of their time.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'smoke',
          include: needsServers,
          globalSetup: 'tests/harness/run-folder.ts',
          setupFiles: 'tests/harness/setup.ts',
          pool: 'forks',
          // What hangs is to end some day; the longest take two minutes where one core has to do for all.
          testTimeout: 400_000,
          hookTimeout: 400_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: needsBrowser,
          globalSetup: 'tests/harness/run-folder.ts',
          setupFiles: 'tests/harness/setup.ts',
          pool: 'forks',
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'campaign',
          include: campaign,
          globalSetup: 'tests/harness/run-folder.ts',
          setupFiles: 'tests/harness/setup.ts',
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
