import { readFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import type { Tally } from './tally.ts';

/** The part of vitest's JSON report that we read. */
type Report = {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
};

const NO_REPORT = 'vitest ended before it could write its report';

/** `failedFiles`: where the failed tests are; empty when something else failed than tests. */
export type Outcome = { readonly tally: Tally; readonly failedFiles: readonly string[] };

/** What a run of vitest came to. One that left no report, failed without a failed test, or ran none, has failed once. */
export async function readVitestReport(path: string, isOk: boolean): Promise<Outcome> {
  const report = await readReport(path);
  if (report === undefined) {
    return { tally: { passed: 0, failed: 1, skipped: [], failures: [NO_REPORT], unstable: [] }, failedFiles: [] };
  }
  const all = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = all.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const ranNone = report.numPassedTests + report.numFailedTests === 0;
  const tally = {
    passed: report.numPassedTests,
    failed: failed === 0 && (!isOk || ranNone) ? 1 : failed,
    skipped: skipped.map(({ fullName }) => fullName),
    failures: [
      ...all
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages = [] }) => `${fullName}: ${firstLine(failureMessages[0])}`),
      ...brokenFiles.map(({ name, message }) => `${name}: ${firstLine(message)}`),
    ],
    unstable: [],
  };
  const withFailures = report.testResults.filter((file) =>
    file.assertionResults.some(({ status }) => status === 'failed'),
  );
  return { tally, failedFiles: brokenFiles.length > 0 ? [] : withFailures.map(({ name }) => name) };
}

function firstLine(message = ''): string {
  return stripVTControlCharacters(message).split('\n', 1)[0] ?? '';
}

async function readReport(path: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    // It ended before it could write one: counted as failed above.
    return undefined;
  }
}
