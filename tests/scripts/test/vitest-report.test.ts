import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addTallies, formatTally } from '../../../scripts/test/tally.ts';
import { readVitestReport } from '../../../scripts/test/vitest-report.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhuji-report-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function report(files: Record<string, readonly string[]>, fileStatus = 'passed'): string {
  const path = join(folder, 'report.json');
  const count = (wanted: string) =>
    Object.values(files)
      .flat()
      .filter((status) => status === wanted).length;
  const testResults = Object.entries(files).map(([name, statuses]) => ({
    name,
    status: fileStatus,
    message: '\u001B[31mit broke\u001B[39m\nat line 1',
    assertionResults: statuses.map((status, index) => ({
      status,
      fullName: `${name} ${index}`,
      failureMessages: status === 'failed' ? ['Error: no\n  at line 2'] : [],
    })),
  }));
  writeFileSync(
    path,
    JSON.stringify({ numPassedTests: count('passed'), numFailedTests: count('failed'), testResults }),
  );
  return path;
}

test('passed, failed and skipped tests are counted, the skipped ones by name', async () => {
  const path = report({ a: ['passed', 'skipped'], b: ['failed', 'todo'] });
  expect(await readVitestReport(path, false)).toEqual({
    tally: { passed: 1, failed: 1, skipped: ['a 1', 'b 1'], failures: ['b 0: Error: no'], unstable: [] },
    failedFiles: ['b'],
  });
});

test('a file that broke before its tests counts as one failure', async () => {
  expect(await readVitestReport(report({ a: [] }, 'failed'), false)).toMatchObject({
    tally: { failed: 1, failures: ['a: it broke'] },
    failedFiles: [],
  });
});

const counts = (passed: number, failed: number) => ({ tally: { passed, failed }, failedFiles: [] });

test('a run that failed without a failed test, ran nothing, or left no report has failed', async () => {
  expect(await readVitestReport(report({ a: ['passed'] }), false)).toMatchObject(counts(1, 1));
  expect(await readVitestReport(report({ a: ['skipped'] }), true)).toMatchObject(counts(0, 1));
  expect(await readVitestReport(join(folder, 'none.json'), true)).toMatchObject(counts(0, 1));
});

test('the last line names the skipped only when there are any', () => {
  const one = { passed: 2, failed: 0, skipped: [], failures: [], unstable: [] };
  expect(formatTally(addTallies([one, one]))).toBe('4 passed, 0 failed');
  expect(formatTally(addTallies([one, { ...one, passed: 0, failed: 1, skipped: ['x'], failures: ['y: no'] }]))).toBe(
    '2 passed, 1 failed, 1 skipped',
  );
});
