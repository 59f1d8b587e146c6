// `npm test` runs every step of steps.ts; `npm test -- lint types` only those. The last line is `N passed, N failed`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installMissing } from '../setup/apt.ts';
import { REDIS, TEST_NEEDS } from '../setup/needs.ts';
import { abortOnSignal } from '../stop-signals.ts';
import { filesToTryAgain, settle } from './second-chance.ts';
import { STEPS, type Step } from './steps.ts';
import { addTallies, formatTally, type Tally } from './tally.ts';
import { runTool } from './tool.ts';
import { readVitestReport, type Outcome } from './vitest-report.ts';

const CHECK_MS = 180_000;
/** A bound on what hangs; the smoke tests take about seven minutes. */
const TESTS_MS = 1_800_000;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  print(`No such step: ${unknown.join(' ')}. Steps: ${STEPS.map((step) => step.name).join(' ')}`);
  process.exit(2);
}
const steps: readonly Step[] = STEPS.filter((step) => asked.length === 0 || asked.includes(step.name));

// What a step has started ends with it; the servers of tests are ended by a process of their own.
const signal = abortOnSignal();

const reports = await mkdtemp(join(tmpdir(), 'zhuji-report-'));
const tallies: Tally[] = [];
try {
  if (steps.some((step) => step.kind === 'tests')) tallies.push(await setUp());
  for (const step of steps) {
    if (signal.aborted) break;
    tallies.push(await runStep(step));
  }
} finally {
  await rm(reports, { recursive: true, force: true });
}
const total = addTallies(tallies);
for (const name of total.skipped) print(`skipped: ${name}`);
// Once more at the end, where whoever sees only the end of a long output finds them.
for (const name of total.unstable) print(`unstable: ${name}`);
for (const failure of total.failures) print(`failed: ${failure}`);
if (signal.aborted) print('stopped before the end');
print(formatTally(total));
process.exitCode = total.failed > 0 || total.passed === 0 || signal.aborted ? 1 : 0;

/** Where everything that can be installed was, a test that lacks a tool skips itself; in CI nothing may be lacking. */
async function setUp(): Promise<Tally> {
  const missing = await installMissing([REDIS, ...TEST_NEEDS], print);
  const isFailure = missing.length > 0 && process.env['CI'] !== undefined;
  return {
    passed: 0,
    failed: isFailure ? missing.length : 0,
    skipped: [],
    failures: isFailure ? missing.map(({ name }) => `${name} is missing`) : [],
    unstable: [],
  };
}

async function runStep(step: Step): Promise<Tally> {
  const began = performance.now();
  const tally = step.kind === 'check' ? await runCheck(step) : await runTests(step);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  print(`${tally.failed === 0 ? 'ok' : 'FAILED'}  ${step.name}  ${seconds} s`);
  return tally;
}

async function runCheck(step: Step & { readonly kind: 'check' }): Promise<Tally> {
  const { isOk, output } = await runTool(step.tool, step.args, options(CHECK_MS, false));
  if (!isOk) print(output);
  const failures = isOk ? [] : [`check ${step.name}`];
  return { passed: isOk ? 1 : 0, failed: isOk ? 0 : 1, skipped: [], failures, unstable: [] };
}

async function runTests({ project, isShared }: Step & { readonly kind: 'tests' }): Promise<Tally> {
  // A browser is measured by the second, and two of them are what two cores can paint and play for; pure tests never wait.
  const first = await runVitest(project, project === 'smoke' ? [] : ['--maxWorkers=2']);
  const files = isShared && !signal.aborted ? filesToTryAgain(first) : [];
  if (files.length === 0) return first.tally;
  print(`once more, alone: ${first.tally.failures.join('; ')}`);
  const again = await runVitest(project, ['--maxWorkers=1', ...files]);
  return settle(first.tally, again.tally);
}

async function runVitest(project: string, args: readonly string[]): Promise<Outcome> {
  const report = join(reports, `${project}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { isOk } = await runTool(
    'vitest',
    ['run', '--project', project, ...args, ...reporters],
    options(TESTS_MS, true),
  );
  return readVitestReport(report, isOk);
}

function options(timeoutMs: number, isShown: boolean) {
  return { timeoutMs, isShown, signal };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
